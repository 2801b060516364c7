//! Which column of a CSV file holds what.

use crate::options::ColumnNames;
use anyhow::{Result, bail};
use csv::StringRecord;

/// The positions of the columns that are used.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) customer: usize,
    pub(crate) date: usize,
    pub(crate) amount: usize,
    pub(crate) invoice: Option<usize>,
    pub(crate) returns: Option<usize>,
}

// Usual names, compared without regard to case, blanks and underscores. There are none for invoices and returns: whether numbers
// identify records, and what marks a return, is for the user to say.
const CUSTOMER: &[&str] = &["customerid", "customer", "customerkey", "customerno", "clientid", "client", "userid", "accountid"];
const DATE: &[&str] =
    &["date", "orderdate", "invoicedate", "saledate", "transactiondate", "purchasedate", "timestamp", "createdat"];
const AMOUNT: &[&str] = &["amount", "revenue", "sales", "total", "netamount", "orderamount", "ordertotal", "totalamount", "value"];

impl Layout {
    /// Finds the columns that the user named, and looks for the others.
    pub(crate) fn find(header: &StringRecord, names: &ColumnNames) -> Result<Layout> {
        let required = |name: &Option<String>, usual, what| match name {
            Some(name) => named(header, name),
            None => looked_for(header, usual, what),
        };
        let optional = |name: &Option<String>| name.as_deref().map(|name| named(header, name)).transpose();
        Ok(Layout {
            customer: required(&names.customer, CUSTOMER, "customer")?,
            date: required(&names.date, DATE, "date")?,
            amount: required(&names.amount, AMOUNT, "amount")?,
            invoice: optional(&names.invoice)?,
            returns: optional(&names.returns)?,
        })
    }
}

fn named(header: &StringRecord, name: &str) -> Result<usize> {
    match header.iter().position(|column| column == name) {
        Some(at) => Ok(at),
        None => bail!("there is no column {name:?}; there are: {}", list(header)),
    }
}

fn looked_for(header: &StringRecord, usual: &[&str], what: &str) -> Result<usize> {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let columns: Vec<String> = header.iter().map(plain).collect();
    match usual.iter().find_map(|name| columns.iter().position(|column| column == name)) {
        Some(at) => Ok(at),
        None => bail!("no column has a usual name for the {what}; name it with --{what}; there are: {}", list(header)),
    }
}

/// The columns for a message, on one line however odd the file is.
fn list(header: &StringRecord) -> String {
    const MOST: usize = 20;
    let mut names: Vec<String> =
        header.iter().take(MOST).map(|name| format!("{:?}", name.chars().take(40).collect::<String>())).collect();
    if header.len() > MOST {
        names.push(format!("and {} more", header.len() - MOST));
    }
    names.join(", ")
}
