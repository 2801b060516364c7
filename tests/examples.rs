//! Runs every numbered example and compares what it prints with `examples/expected`.
//!
//! After a change that is meant to change the output: `UPDATE_EXPECTED=1 cargo test --test examples`, then read the difference.
#![allow(clippy::std_instead_of_core)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The numbered examples by name, in order.
fn numbered() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|e| Some(e.file_name().to_str()?.strip_suffix(".rs")?.to_string()));
    let mut names: Vec<String> = names.filter(|name| name.starts_with(|c: char| c.is_ascii_digit())).collect();
    names.sort();
    names
}

/// Where cargo puts an example, seen from this test: `target/<profile>/deps/<this>`, `target/<profile>/examples/<example>`.
fn binary(example: &str) -> Option<PathBuf> {
    let profile = env::current_exe().ok()?.parent()?.parent()?.to_path_buf();
    Some(profile.join("examples").join(format!("{example}{}", env::consts::EXE_SUFFIX)))
}

fn expected_file(example: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/expected").join(format!("{example}.txt"))
}

/// The first line in which two texts differ, or nothing.
fn difference(expected: &str, printed: &str) -> Option<String> {
    let (mut want, mut got) = (expected.lines(), printed.lines());
    for line in 1.. {
        match (want.next(), got.next()) {
            (None, None) => break,
            (want, got) if want == got => {}
            (want, got) => {
                let show = |text: Option<&str>| text.map_or("(the text ends)".to_string(), |t| format!("{t:?}"));
                return Some(format!("line {line}\n  expected: {}\n  printed:  {}", show(want), show(got)));
            }
        }
    }
    (expected != printed).then(|| "only in how the last line ends".to_string())
}

#[test]
fn every_numbered_example_prints_what_is_expected() {
    let update = env::var_os("UPDATE_EXPECTED").is_some();
    let examples = numbered();
    assert!(examples.len() >= 4, "found only {examples:?}");
    let mut faults = Vec::new();
    for example in &examples {
        let path = binary(example).unwrap();
        let run = Command::new(&path).output();
        let run = run.unwrap_or_else(|e| panic!("{}: {e}; `cargo build --examples` (same profile) builds it", path.display()));
        if !run.status.success() {
            faults.push(format!("{example} failed: {}", String::from_utf8_lossy(&run.stderr)));
            continue;
        }
        let printed = String::from_utf8(run.stdout).unwrap().replace("\r\n", "\n");
        let file = expected_file(example);
        if update {
            fs::write(&file, &printed).unwrap();
        }
        // A clone with other line ends is no difference.
        let expected = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        if let Some(difference) = difference(&expected, &printed) {
            faults.push(format!("{example} differs from {}: {difference}", file.display()));
        }
    }
    assert!(
        faults.is_empty(),
        "{}\nIf the new output is right: UPDATE_EXPECTED=1 cargo test --test examples, and read the difference.",
        faults.join("\n")
    );
}

#[test]
fn no_expected_output_is_left_over() {
    let examples = numbered();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/expected");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let of = path.file_stem().unwrap().to_str().unwrap().to_string();
        assert!(examples.contains(&of), "{} belongs to no example", path.display());
    }
}

#[test]
fn examples_are_short_ask_a_question_and_never_unwrap() {
    for example in numbered() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(format!("{example}.rs"));
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.lines().count() < 100, "{example} has 100 lines or more");
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.ends_with('?'), "the first line of {example} is no question: {first}");
        assert!(!text.contains("unwrap()") && !text.contains(".expect("), "{example} unwraps");
    }
}

#[test]
fn a_difference_is_found_and_named() {
    assert_eq!(difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(difference("a\nb\n", "a\nc\n").unwrap(), "line 2\n  expected: \"b\"\n  printed:  \"c\"");
    assert_eq!(difference("a\n", "a\nc\n").unwrap(), "line 2\n  expected: (the text ends)\n  printed:  \"c\"");
    assert!(difference("a\n", "a").is_some());
    assert!(difference("", "a\n").is_some());
}
