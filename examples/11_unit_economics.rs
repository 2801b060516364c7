//! What does a customer cost, when is that paid back, what do they bring in all, and whom have we to thank for them?
//!
//! Run it with `cargo run --example 11_unit_economics`.
#![allow(clippy::print_stdout, clippy::std_instead_of_core)] // an example is a program: it has std, and it prints

use customer_value::money::{Currency, Money, Ratio, Rounding};
use customer_value::quantity::{Confidence, Name, Share};
use customer_value::value::economics::{
    Acquisition, CashFlows, Claim, CreditPolicy, Established, FirstMargin, GrowthRate, MarginMultiple, ReasonShares,
    ReferenceProfile, Referrals, RetainedCustomer, ShareOfCustomer, Timing, UnitEconomics, Wallet, retention,
};
use std::error::Error;

const ROUNDING: Rounding = Rounding::HalfEven;

fn main() -> Result<(), Box<dyn Error>> {
    // 120,000 won 200 customers; each pays 100 a month, of which 75 % are margin; 2 % leave every month.
    let campaign = Acquisition::new("120000 EUR".parse()?, 200)?;
    let unit = UnitEconomics::new(campaign, "100 EUR".parse()?, "0.75".parse()?, "0.02".parse()?)?;
    let (cost, value) = (campaign.cost().in_money(ROUNDING)?, unit.lifetime_value()?);
    println!("cost to win {cost}, contribution a month {}", unit.contribution().in_money(ROUNDING)?);
    let months = unit.payback()?.periods(Rounding::Ceiling).ok_or("never paid back")?;
    println!("paid back after {months} months, brings {} in all,", value.in_money(ROUNDING)?);
    println!("{} times the cost; {} are left", unit.lifetime_value_to_cost()?, value.less(cost)?.in_money(ROUNDING)?);

    println!("\nhow many yearly margins a customer is worth, by retention and discount (Gupta and Lehmann)");
    for retention in ["0.6", "0.7", "0.8", "0.9"] {
        print!("{retention}");
        for discount in ["0.10", "0.12", "0.14", "0.16"] {
            let multiple = MarginMultiple::new(retention.parse()?, discount.parse()?, Ratio::ZERO)?;
            print!("  {}", multiple.times(FirstMargin::AfterOnePeriod)?.to_decimal(2, ROUNDING)?);
        }
        println!();
    }

    println!("\na customer of ten years who costs 50 a year to keep (Berger and Nasr)");
    for (timing, when) in [(Timing::Start, "at the start"), (Timing::Middle, "in the middle"), (Timing::End, "at the end")] {
        let customer = RetainedCustomer {
            contribution: "260 EUR".parse()?,
            promotion: "50 EUR".parse()?,
            retention: "0.75".parse()?,
            discount: "0.2".parse()?,
            periods: 10,
            first_margin: FirstMargin::Now,
            promotion_timing: timing,
        };
        println!("paid {when} of each year: {}", customer.worth()?.in_money(ROUNDING)?);
    }
    let mut flows = CashFlows::new(Currency::EUR);
    for (on, amount) in [("2024-01-01", "-600 EUR"), ("2024-07-01", "450 EUR"), ("2025-07-01", "300 EUR")] {
        flows.push(on.parse()?, amount.parse()?)?;
    }
    let today = flows.present_value("2024-01-01".parse()?, "0.1".parse()?, 12, Timing::Middle)?;
    println!("a contract of 2024 at 10 % a year: {}", today.in_money(ROUNDING)?);

    let (wins, kept) = (Share::new(15, 148)?, retention(200, 190, 30)?);
    println!();
    for (what, rate) in [("offers won", wins), ("customers kept", kept), ("customers lost", kept.rest())] {
        let sure = rate.estimate(Confidence::P95)?;
        println!("{what}: {rate}, {:.1} % ({:.1} to {:.1})", 100.0 * sure.value(), 100.0 * sure.low(), 100.0 * sure.high());
    }
    let named = [("service", "0.68"), ("price", "0.15"), ("product", "0.12")];
    let shares = named.iter().map(|(reason, share)| Ok((Name::new(reason)?, share.parse()?)));
    let reasons = ReasonShares::new(shares.collect::<Result<Vec<_>, Box<dyn Error>>>()?)?;
    let list: Vec<String> = reasons.largest_first().iter().map(|(reason, share)| format!("{reason} {share}")).collect();
    println!("why: {}; nobody knows of {}", list.join(", "), reasons.other());
    let growth = GrowthRate::compound("100 CNY".parse()?, "270.27 CNY".parse()?, 5)?;
    println!("from 100.00 to 270.27 CNY in five years: {} a year", growth.rounded(4, ROUNDING)?);

    // Three values that do not add up, on purpose.
    let brought: Money = "300 EUR".parse()?;
    let established = Established::new(brought);
    let wallet = Wallet::Between { least: "900 EUR".parse()?, most: "1500 EUR".parse()? };
    let share = ShareOfCustomer::new(brought, wallet)?;
    let potential = share.potential(Name::new("the buyer's own estimate")?)?;
    let profile = ReferenceProfile::new(Name::new("median dealer")?, [(Name::new("creams")?, "420 EUR".parse()?)])?;
    let gap = profile.gap([(Name::new("creams")?, established)])?;
    println!("\n{established}; {} to {} of what they spend is ours", share.share().low, share.share().high);
    let most = potential.most().ok_or("no bound")?;
    println!("potential {} to {most}; {} behind the {}", potential.least(), gap.total()?, gap.profile());

    // Chen brought Li, Li brought Wu; three quarters of the credit stay with the nearest.
    let mut referrals = Referrals::new();
    referrals.push("Chen", "Li", "2024-01-05".parse()?)?;
    referrals.push("Li", "Wu", "2024-02-05".parse()?)?;
    let values = [("Chen", "500 EUR".parse()?), ("Li", "80 EUR".parse()?), ("Wu", "100.01 EUR".parse()?)];
    let credits = referrals.credit(values, &CreditPolicy::new(Claim::First, [3, 1])?, Currency::EUR)?;
    let list: Vec<String> = credits.iter().map(|(who, credit)| format!("{who} {credit}")).collect();
    println!("\ncredited: {}; to nobody: {}; together {}", list.join(", "), credits.uncredited(), credits.total()?);
    Ok(())
}
