//! Evidence, assertions and resolved attributes in words.

use super::{Assertion, Candidate, Ground, Resolved, Says, Standing, Verdict, Weighed};
use crate::{
    quantity::Fact,
    reason::{
        Language::{self, Chinese, English},
        fact_in_words,
    },
};
use alloc::{format, string::String, vec::Vec};

impl Weighed {
    /// The evidence in one line: the total, where it comes from, what follows.
    pub fn explain(&self, language: Language) -> String {
        let part = |part: &super::Part| match (&part.level, language) {
            (Some(level), English) => format!("{} {level} {}", part.field, signed(part.weight)),
            (Some(level), Chinese) => format!("{}（{level}）{}", part.field, signed(part.weight)),
            (None, English) => format!("{} missing 0", part.field),
            (None, Chinese) => format!("{}（缺失）0", part.field),
        };
        let (total, prior) = (self.total(), self.prior());
        let link = self.thresholds().link;
        let (verdict, between) = match (self.verdict(), language) {
            (Verdict::Link, English) => (format!("at least {link}: linked"), ", "),
            (Verdict::Review, English) => (format!("less than {link}: to be looked at"), ", "),
            (Verdict::NoLink, English) => (format!("less than {}: not linked", self.thresholds().review), ", "),
            (Verdict::Link, Chinese) => (format!("不低于 {link}：关联"), "、"),
            (Verdict::Review, Chinese) => (format!("低于 {link}：待人工复核"), "、"),
            (Verdict::NoLink, Chinese) => (format!("低于 {}：不关联", self.thresholds().review), "、"),
        };
        let parts = self.parts().iter().map(part).collect::<Vec<_>>().join(between);
        match language {
            English => format!("{total} bits (prior {prior}, {parts}), {verdict}."),
            Chinese => format!("{total} 比特（先验 {prior}、{parts}），{verdict}。"),
        }
    }
}

impl Assertion {
    /// The assertion in one line.
    pub fn explain(&self, language: Language) -> String {
        let (a, b) = self.records();
        let ground = match (self.ground(), language) {
            (Ground::Weighed(weighed), _) => weighed.explain(language),
            (Ground::Manual { says: Says::Same, by, because }, English) => format!("one customer, says {by}: {because}."),
            (Ground::Manual { says: Says::Different, by, because }, English) => format!("two customers, says {by}: {because}."),
            (Ground::Manual { says: Says::Same, by, because }, Chinese) => format!("同一客户，由{by}认定：{because}。"),
            (Ground::Manual { says: Says::Different, by, because }, Chinese) => format!("不同客户，由{by}认定：{because}。"),
        };
        match language {
            English => format!("{}: {a} and {b}: {ground}", self.on()),
            Chinese => format!("{}：{a} 与 {b}：{ground}", self.on()),
        }
    }
}

impl Resolved {
    /// The value, and what each record says; one a line.
    pub fn explain(&self, language: Language) -> String {
        let fact = |fact: &Fact| fact_in_words(fact, language);
        let told = |c: &Candidate| {
            let (source, standing) = (&c.source, words(c.standing, language));
            let (evidence, on) = (source.evidence(), source.on());
            match language {
                English => format!("  {}: {} ({evidence}, {on}): {standing}.\n", c.record, fact(&c.fact)),
                Chinese => format!("  {}：{}（{evidence}，{on}）：{standing}。\n", c.record, fact(&c.fact)),
            }
        };
        let value = match language {
            English => format!("{} {}.\n", self.attribute, fact(&self.fact)),
            Chinese => format!("{}{}。\n", self.attribute, fact(&self.fact)),
        };
        core::iter::once(value).chain(self.candidates.iter().map(told)).collect()
    }
}

fn signed(weight: super::MatchWeight) -> String {
    if weight > super::MatchWeight::ZERO { format!("+{weight}") } else { format!("{weight}") }
}

const fn words(standing: Standing, language: Language) -> &'static str {
    match (standing, language) {
        (Standing::Survives, English) => "survives",
        (Standing::Tied, English) => "tied with another value",
        (Standing::Absent, English) => "says nothing",
        (Standing::Older, English) => "older than another",
        (Standing::LessTrusted, English) => "from a system trusted less",
        (Standing::LessComplete, English) => "from a less complete record",
        (Standing::Outvoted, English) => "said by fewer systems",
        (Standing::LaterKey, English) => "behind another in order of keys",
        (Standing::Survives, Chinese) => "采用",
        (Standing::Tied, Chinese) => "与另一值不分先后",
        (Standing::Absent, Chinese) => "无值",
        (Standing::Older, Chinese) => "较旧",
        (Standing::LessTrusted, Chinese) => "来源可信度较低",
        (Standing::LessComplete, Chinese) => "记录较不完整",
        (Standing::Outvoted, Chinese) => "少数来源",
        (Standing::LaterKey, Chinese) => "记录号在后",
    }
}
