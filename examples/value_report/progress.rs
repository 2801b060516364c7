//! Progress bars on standard error. They hide themselves where it is no terminal, and appear only in runs that take a while.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over the bytes of a file.
pub(crate) fn bytes(size: usize, what: &'static str) -> ProgressBar {
    bar(size, what, "{msg} {bar:40} {bytes}/{total_bytes}")
}

/// A bar over customers.
pub(crate) fn customers(count: usize, what: &'static str) -> ProgressBar {
    bar(count, what, "{msg} {bar:40} {human_pos}/{human_len}")
}

fn bar(length: usize, what: &'static str, template: &str) -> ProgressBar {
    // The templates are constants of this file; a bad one would only look plainer.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style).with_message(what)
}
