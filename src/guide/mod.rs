//! The book: how to walk through this crate, how it is built, what its words mean, and why it is as it is.
//!
//! | page | for whom |
//! |---|---|
//! | [`walk`] | who uses the crate: from orders to a treatment, with one customer |
//! | [`grading`] | who answers for a grading over years: phases, weights, missing facts, sorters, time, money |
//! | [`choices`] | who asks why: decisions of design and their reasons |
//! | [`concepts`] | who asks of a concept of the literature, by its number: what is built of it, where, tested and shown by what |
//! | [`glossary`] | who comes from the trade or from Chinese sources: 中文, English, where it lives |
//! | [`architecture`] | who changes the crate: the map, the invariants, what enforces each |
//!
//! The pages hold no items. Their code blocks are tested.

pub mod architecture {
    #![doc = include_str!("architecture.md")]
}

pub mod choices {
    #![doc = include_str!("choices.md")]
}

pub mod concepts {
    #![doc = include_str!("concepts.md")]
}

pub mod glossary {
    #![doc = include_str!("glossary.md")]
}

pub mod grading {
    #![doc = include_str!("grading.md")]
}

pub mod walk {
    #![doc = include_str!("walk.md")]
}
