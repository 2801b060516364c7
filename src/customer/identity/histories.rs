use super::{Clusters, IdentityError, RecordKey};
use crate::{
    customer::{CustomerBase, History},
    quantity::{Name, NameError},
};
use serde::{Deserialize, Serialize};

/// Whether the systems number sales and returns alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Numbering {
    /// One number means one sale everywhere: a sale that two systems report counts once.
    Shared,
    /// Every system has its own numbers: sale 1001 of the shop and sale 1001 of the till are two. They become `shop/1001` and `till/1001`.
    BySystem,
}

impl Clusters {
    /// The histories of records, merged to those of customers, under the [`id`](super::Cluster::id) of each cluster. The records' own are
    /// left as they are, so that other links give other customers. Records in no cluster stand for themselves, and so does every record of
    /// a cluster with a conflict.
    ///
    /// # Errors
    /// [`History`](IdentityError::History) if two records know a sale with other content, which [`Numbering::Shared`] does not allow;
    /// [`Name`](IdentityError::Name) if a number becomes longer than 200 characters by the name of its system.
    pub fn histories(
        &self,
        base: &CustomerBase<RecordKey>,
        numbering: Numbering,
    ) -> Result<CustomerBase<RecordKey>, IdentityError> {
        let mut customers = CustomerBase::new(base.currency());
        for (record, history) in base.iter() {
            let cluster = self.of_record(record).filter(|cluster| cluster.conflicts().len() == 0);
            let key = cluster.map_or(record, |cluster| cluster.id()).clone();
            match numbering {
                Numbering::Shared => customers.merge_history(key, history)?,
                Numbering::BySystem => customers.merge_history(key, &numbered_by(record.system(), history)?)?,
            }
        }
        Ok(customers)
    }
}

/// The same history with the system before every number. A system's name has no slash, so no two numbers become one.
fn numbered_by(system: &Name, history: &History) -> Result<History, NameError> {
    history.renamed(|number| Name::new(&alloc::format!("{system}/{number}")))
}
