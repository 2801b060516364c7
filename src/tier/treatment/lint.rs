use super::{Lever, Playbook, Treatment, lint_text};
use crate::{quantity::Name, reason::Language, tier::Grade};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// Something doubtful in a [`Playbook`]. Nothing is forbidden here: what is, the constructor refuses.
#[doc(alias = "策略检查")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum PlaybookLint {
    /// Two grades are treated with the same levers and the same level of service in all stages; only the words of the actions differ.
    NearlyAlike {
        /// The better grade.
        first: Name,
        /// The worse one.
        second: Name,
    },
    /// Two grades differ in service only, in all stages. To treat customers differently is not only a matter of service
    /// (误区：差异化只是服务不同).
    OnlyService {
        /// The better grade.
        first: Name,
        /// The worse one.
        second: Name,
    },
    /// Terms of business differ between grades, which needs reasons where the customers are persons: article 24 of the Personal Information
    /// Protection Law of the PRC (个人信息保护法, 2021) forbids unreasonable differences in price and other terms by automated decisions.
    /// A campaign counts too, because a coupon or a rebate is a price under another name; what is written under product, service or
    /// channel is not looked at.
    #[doc(alias = "大数据杀熟")]
    TermsDiffer {
        /// Price; policy: returns, credit, priority; or campaign: coupons, rebates, gifts.
        lever: Lever,
        /// The stage.
        stage: Option<Name>,
        /// The grades that do not get what the best grade gets.
        grades: Vec<Name>,
    },
    /// A grade gets something from every lever in a stage: it is not chosen what is worth its cost.
    Everything {
        /// The grade.
        grade: Name,
        /// The stage.
        stage: Option<Name>,
    },
    /// A worse grade is planned to cost more a year than a better one, in the same stage.
    CostInverted {
        /// The better grade.
        better: Name,
        /// The worse grade.
        worse: Name,
        /// The stage.
        stage: Option<Name>,
    },
}

impl Playbook {
    /// What is doubtful in the playbook, in a fixed order.
    pub fn lints(&self) -> Vec<PlaybookLint> {
        let mut lints = Vec::new();
        let kind = |t: &Treatment| (t.levers(), t.service_level);
        for (first, second) in self.pairs() {
            if self.row(first).iter().map(kind).eq(self.row(second).iter().map(kind)) {
                lints.push(PlaybookLint::NearlyAlike { first: first.name().clone(), second: second.name().clone() });
            }
        }
        let beside_service =
            |grade: &Grade| self.row(grade).iter().map(|t| t.actions_of(|l| l != Lever::Service)).collect::<Vec<_>>();
        // No two grades are alike, so what is alike beside service differs in service.
        for (first, second) in self.pairs().filter(|(first, second)| beside_service(first) == beside_service(second)) {
            lints.push(PlaybookLint::OnlyService { first: first.name().clone(), second: second.name().clone() });
        }
        let grades = self.grades().best_first();
        for (column, stage) in self.columns().enumerate() {
            let treatments = || grades.iter().filter_map(|grade| Some((grade, self.row(grade).get(column)?)));
            for lever in [Lever::Price, Lever::Policy, Lever::Campaign] {
                let terms = |t: &Treatment| t.actions_of(|l| l == lever).into_iter().cloned().collect::<Vec<_>>();
                let best = treatments().next().map(|(_, t)| terms(t));
                let others = treatments().filter(|(_, t)| Some(terms(t)) != best);
                let grades: Vec<Name> = others.map(|(grade, _)| grade.name().clone()).collect();
                if !grades.is_empty() {
                    lints.push(PlaybookLint::TermsDiffer { lever, stage: stage.cloned(), grades });
                }
            }
            for (grade, _) in treatments().filter(|(_, t)| t.levers() == Lever::ALL) {
                lints.push(PlaybookLint::Everything { grade: grade.name().clone(), stage: stage.cloned() });
            }
        }
        for (better, worse) in self.pairs() {
            for ((a, b), stage) in self.row(better).iter().zip(self.row(worse)).zip(self.columns()) {
                // One playbook has one currency.
                if a.yearly_cost.is_some_and(|a| b.yearly_cost.is_some_and(|b| b.minor() > a.minor())) {
                    let (better, worse) = (better.name().clone(), worse.name().clone());
                    lints.push(PlaybookLint::CostInverted { better, worse, stage: stage.cloned() });
                }
            }
        }
        lints
    }
}

impl PlaybookLint {
    /// The lint in words.
    pub fn explain(&self, language: Language) -> String {
        lint_text::explain(self, language)
    }
}
