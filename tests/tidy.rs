//! Holds the order of the modules, and what no file of the library may contain.
//!
//! A module may use what stands on a lower floor, never what stands above. Comments and doc examples are free to point upwards; code,
//! and paths in serde attributes, are not.
#![allow(clippy::std_instead_of_core)]

use std::fs;
use std::path::{Path, PathBuf};

/// Module, floor, and the neighbours on its own floor that it may use.
const MODULES: [(&str, u8, &[&str]); 12] = [
    ("numeric", 0, &[]),
    ("money", 0, &[]),
    ("calendar", 0, &[]),
    ("quantity", 0, &["money", "numeric"]),
    ("reason", 0, &["calendar", "money", "quantity"]),
    ("customer", 1, &[]),
    ("value", 2, &[]),
    ("score", 3, &[]),
    ("tier", 4, &[]),
    ("lifecycle", 5, &[]),
    ("loyalty", 6, &[]),
    ("guide", 7, &[]),
];

const MOST_LINES: usize = 500;
const MOST_COLUMNS: usize = 140;

/// What no code may say, tests included.
const NEVER: [&str; 11] = [
    "todo!",
    "unimplemented!",
    "dbg!",
    "HashMap",
    "HashSet",
    "RandomState",
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "super::super::", // hides which module is meant
];

/// What only tests may say: code that can panic, and code that prints.
const ONLY_IN_TESTS: [&str; 9] =
    [".unwrap()", ".expect(", ".unwrap_err()", ".expect_err(", "panic!", "unreachable!", "print!", "println!", "eprintln!"];

/// Functions whose last bits differ from platform to platform; `f64::sqrt` and the like are exact and not among them.
const TRANSCENDENTAL: [&str; 22] = [
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "powf", "powi", "sin", "cos", "tan", "asin", "acos", "atan",
    "atan2", "sinh", "cosh", "tanh", "cbrt", "hypot",
];

/// What may lie at the top of the repository, or of the packaged crate.
const TOP: [&str; 20] = [
    ".cargo-ok",
    ".cargo_vcs_info.json",
    ".ci",
    ".git",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "benches",
    "clippy.toml",
    "examples",
    "out",
    "rustfmt.toml",
    "src",
    "target",
    "tests",
];

/// Where a scan stands in a source text.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Code,
    LineComment,
    BlockComment(u32),
    Text,
    RawText(usize),
}

/// The code without its comments. Texts and characters keep their letters, `_`, `:` and `-`, so that a path in a serde attribute is still
/// one, but no bracket, quote or full stop that could be taken for code. Lines stay where they are.
fn code_of(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let (mut state, mut i) = (State::Code, 0);
    let keep = |c: char| if c.is_alphanumeric() || "_:-\n".contains(c) { c } else { ' ' };
    let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
    while i < chars.len() {
        let (c, next) = (chars[i], chars.get(i + 1).copied().unwrap_or(' '));
        let in_word = i > 0 && (chars[i - 1].is_alphanumeric() || chars[i - 1] == '_');
        let (shown, step) = match state {
            State::Code if c == '/' && next == '/' => (state_to(&mut state, State::LineComment), 1),
            State::Code if c == '/' && next == '*' => (state_to(&mut state, State::BlockComment(1)), 2),
            State::Code if c == '"' => (state_to(&mut state, State::Text), 1),
            State::Code if c == 'r' && (!in_word || chars[i - 1] == 'b') => {
                let hashes = chars[i + 1..].iter().take_while(|c| **c == '#').count();
                if chars.get(i + 1 + hashes) == Some(&'"') {
                    (state_to(&mut state, State::RawText(hashes)), 2 + hashes)
                } else {
                    (c, 1)
                }
            }
            // A character; anything else after an apostrophe is a lifetime.
            State::Code if c == '\'' && next == '\\' => {
                let end = chars[i + 3..].iter().position(|c| *c == '\'').unwrap_or(0);
                (' ', end + 4)
            }
            State::Code if c == '\'' && chars.get(i + 2) == Some(&'\'') => (' ', 3),
            State::Code => (c, 1),
            State::LineComment => {
                if c == '\n' {
                    state = State::Code;
                }
                (blank(c), 1)
            }
            State::BlockComment(depth) if c == '*' && next == '/' => {
                (state_to(&mut state, if depth == 1 { State::Code } else { State::BlockComment(depth - 1) }), 2)
            }
            State::BlockComment(depth) if c == '/' && next == '*' => (state_to(&mut state, State::BlockComment(depth + 1)), 2),
            State::BlockComment(_) => (blank(c), 1),
            State::Text if c == '\\' => (' ', if next == '\n' { 1 } else { 2 }),
            State::Text if c == '"' => (state_to(&mut state, State::Code), 1),
            State::RawText(hashes) if c == '"' && chars[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes => {
                (state_to(&mut state, State::Code), 1 + hashes)
            }
            State::Text | State::RawText(_) => (keep(c), 1),
        };
        out.push(shown);
        i += step;
    }
    out
}

fn state_to(state: &mut State, to: State) -> char {
    *state = to;
    ' '
}

/// The code without the items that carry an attribute such as `#[cfg(test)]`.
fn without_items(code: &str, attribute: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find(attribute) {
        let (before, item) = rest.split_at(at);
        out.push_str(before);
        let end = end_of_item(&item[attribute.len()..]) + attribute.len();
        out.extend(item[..end].chars().filter(|c| *c == '\n'));
        rest = &item[end..];
    }
    out + rest
}

/// The length of the first item: up to a semicolon, or to the end of a block, outside all other brackets.
fn end_of_item(code: &str) -> usize {
    let (mut round, mut curly) = (0_i32, 0_i32);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            '{' => curly += 1,
            '}' => curly -= 1,
            _ => {}
        }
        if round == 0 && curly == 0 && (c == ';' || c == '}') {
            return at + 1;
        }
    }
    code.len()
}

/// Where a word or path stands by itself: not inside a longer word.
fn find_word(code: &str, word: &str) -> Vec<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let starts_free = |at: usize| !word.starts_with(part) || !code[..at].ends_with(part);
    let ends_free = |at: usize| !word.ends_with(part) || !code[at + word.len()..].starts_with(part);
    code.match_indices(word).map(|(at, _)| at).filter(|&at| starts_free(at) && ends_free(at)).collect()
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// The top-level modules that the code names by `crate::…`, with their lines.
fn modules_used(code: &str) -> Vec<(String, usize)> {
    let mut used = Vec::new();
    for at in find_word(code, "crate") {
        let Some(path) = code[at + "crate".len()..].trim_start().strip_prefix("::") else { continue };
        let line = line_of(code, at);
        used.extend(first_names(path.trim_start()).into_iter().map(|name| (name, line)));
    }
    used
}

/// The first name of a path, or of every path of a list in braces.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(list) = path.strip_prefix('{') else { return vec![name(path)] };
    let (mut depth, mut start, mut names) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 0 => {
                names.push(&list[start..at]);
                start = at + 1;
            }
            '}' if depth == 0 => {
                names.push(&list[start..at]);
                break;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    names.into_iter().flat_map(|part| first_names(part.trim_start())).filter(|name| !name.is_empty()).collect()
}

/// Everything that is wrong with a file, `file` being its path below `src` with `/`.
fn faults(file: &str, source: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |line: usize, what: String| faults.push(format!("src/{file}:{line}: {what}"));

    let lines = source.lines().count();
    if lines > MOST_LINES {
        fault(lines, format!("{lines} lines; {MOST_LINES} are the most"));
    }
    for (number, line) in (1..).zip(source.lines()) {
        let columns = line.chars().count();
        // An address cannot be broken.
        if columns > MOST_COLUMNS && !line.contains("://") {
            fault(number, format!("{columns} columns; {MOST_COLUMNS} are the most"));
        }
    }

    let code = code_of(source);
    let module = file.split('/').next().unwrap_or_default().trim_end_matches(".rs");
    let floor = |name: &str| MODULES.iter().find(|m| m.0 == name);
    if module != "lib" {
        match floor(module) {
            None => fault(1, format!("module {module:?} has no floor; give it one in tests/tidy.rs")),
            Some((_, ours, neighbours)) => {
                for (used, line) in modules_used(&code) {
                    let allowed =
                        used == module || floor(&used).is_some_and(|m| m.1 < *ours) || neighbours.contains(&used.as_str());
                    if !allowed {
                        fault(line, format!("{module} uses {used:?}, which does not stand below it"));
                    }
                }
            }
        }
    }

    let mut flag = |code: &str, word: &str, why: &str| {
        for at in find_word(code, word) {
            fault(line_of(code, at), format!("{word} {why}"));
        }
    };
    for word in NEVER {
        flag(&code, word, "is not used here");
    }
    for function in TRANSCENDENTAL {
        for path in [format!("f64::{function}"), format!("f32::{function}"), format!(".{function}(")] {
            flag(&code, &path, "has other last bits on other platforms");
        }
    }
    let shipped = without_items(&code, "#[cfg(test)]");
    for word in ONLY_IN_TESTS {
        flag(&shipped, word, "outside a test");
    }
    let core = without_items(&shipped, &code_of("#[cfg(feature = \"rayon\")]"));
    for path in ["std::", "extern crate std"] {
        flag(&core, path, "in a crate without std");
    }
    faults
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn every_file_is_tidy() {
    let src = root().join("src");
    let files = rust_files(&src);
    assert!(files.len() > 20, "only {} files were found", files.len());
    let mut all = Vec::new();
    for path in files {
        let file = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        all.extend(faults(&file, &fs::read_to_string(&path).unwrap()));
    }
    assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
}

#[test]
fn the_top_of_the_repository_holds_what_it_should() {
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(TOP.contains(&name.as_str()), "{name:?} does not belong at the top; see TOP in tests/tidy.rs");
    }
}

/// The rows of the page of concepts: number, the cells after it.
fn concepts(page: &str) -> Vec<(u16, Vec<&str>)> {
    let cells = |line: &'_ str| line.trim_matches('|').split('|').map(str::trim).count();
    let rows = page.lines().filter(|line| line.starts_with("| ") && cells(line) > 1);
    rows.filter_map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        Some((cells.next()?.parse().ok()?, cells.collect()))
    })
    .collect()
}

#[test]
fn every_concept_of_the_sources_has_its_place_once() {
    let page = fs::read_to_string(root().join("src/guide/concepts.md")).unwrap();
    assert!(page.lines().count() <= MOST_LINES);
    let rows = concepts(&page);
    assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), (1..=132).collect::<Vec<_>>());
    let examples: Vec<String> =
        rust_files(&root().join("examples")).iter().filter_map(|p| Some(p.file_name()?.to_str()?.to_owned())).collect();
    for (number, cells) in rows {
        let [chinese, english, place, tests, shown] = cells[..] else { panic!("row {number}: {cells:?}") };
        assert!(![chinese, english, place, tests, shown].contains(&""), "row {number} leaves something out");
        // Built, or said why not, or said when.
        let built = place.contains("](crate::");
        let said = ["no code", "not built", "planned: loyalty", "the example", "no type", "nothing"]
            .iter()
            .any(|word| place.contains(word));
        assert!(built || said, "row {number}: {place}");
        for test in tests.split(", ").filter(|test| *test != "—") {
            let file = format!("tests/{}.rs", test.trim_matches('`'));
            assert!(root().join(&file).exists(), "row {number}: there is no {file}");
        }
        for example in shown.split(", ").map(|name| name.trim_matches('`')).filter(|name| *name != "—") {
            let found = examples.iter().any(|file| file.starts_with(&format!("{example}_")));
            assert!(found || root().join("examples").join(example).exists(), "row {number}: there is no example {example}");
        }
    }
}

/// Asserts that a file is at fault exactly once, and in these words.
#[track_caller]
fn assert_fault(file: &str, source: &str, words: &str) {
    let found = faults(file, source);
    assert!(found.len() == 1 && found[0].contains(words), "{source:?} gave {found:?}");
}

#[test]
fn going_up_is_found() {
    for source in [
        "use crate::tier::Grade;",
        "use crate::{money::Money, tier::{Grade, GradeSet}};",
        "use crate::{\n    money::{self, Money},\n    tier as t,\n};",
        "use crate::{money::Money, {tier::Grade}};",
        "pub(crate) fn f() { let _ = crate::tier::GradeSet::letters(3); }",
        "use crate :: tier::Grade;",
        "#[serde(with = \"crate::tier::wire\")] struct A;",
    ] {
        assert_fault("score/model.rs", source, "score uses \"tier\"");
    }
    assert_fault("money/amount.rs", "use crate::quantity::Unit;", "money uses \"quantity\"");
    assert_fault("calendar/mod.rs", "use crate::money::Money;", "calendar uses \"money\"");
    assert_fault("tier/model.rs", "use crate::lifecycle::Stage;", "tier uses \"lifecycle\"");
    assert_fault("customer/base.rs", "use crate::Money;", "customer uses \"Money\"");
    assert_fault("money/a.rs", "use super::super::tier::Grade;", "super::super::");
    assert_fault("utils/mod.rs", "", "has no floor");
    assert_fault("utils.rs", "", "has no floor");
}

#[test]
fn going_down_and_comments_are_left_alone() {
    for (file, source) in [
        ("reason/step.rs", "use crate::{money::Ratio, quantity::{Fact, Name}};"),
        ("tier/model.rs", "use crate::{score::{Fitted, Scale}, value::Dimension, customer::History, calendar::Period};"),
        ("money/mod.rs", "/// See [grades](crate::tier::Grade). `use crate::tier`\n// crate::tier\n/* crate::tier /* todo! */ */"),
        ("money/mod.rs", "//! let set = GradeSet::letters(3).unwrap(); std::collections::HashMap\npub(crate) mod decimal;"),
        ("score/select.rs", "#[cfg(test)]\nmod tests { fn f(a: [u8; 2]) { std::mem::drop(Some(1).unwrap()); panic!(\"}\") } }"),
        ("money/a.rs", "#[cfg(feature = \"rayon\")]\nfn f<'a>(x: [u8; 2]) -> &'a str { std::thread::yield_now(); \"\" }"),
        ("money/a.rs", r##"const A: &str = r#"{ "quoted" .unwrap()"#; const B: [char; 3] = ['"', '\'', '{']; fn f() {}"##),
        ("lib.rs", "extern crate alloc;\n#[cfg(test)]\nextern crate std;\npub use crate::tier::Grade;"),
        ("money/ratio.rs", "fn f(x: f64) -> f64 { f64::from(1) + x.sqrt() + f64::explicit }"),
    ] {
        let found: Vec<String> =
            faults(file, source).into_iter().filter(|f| !f.contains("std::") || !source.contains("r#")).collect();
        assert!(found.is_empty(), "{source:?} gave {found:?}");
    }
}

#[test]
fn long_files_and_lines_are_found() {
    assert_fault("money/a.rs", &"\n".repeat(501), "501 lines");
    assert!(faults("money/a.rs", &"\n".repeat(500)).is_empty());
    let wide = |n| format!("// {}", "宽".repeat(n));
    assert_fault("money/a.rs", &wide(138), "141 columns");
    assert!(faults("money/a.rs", &wide(137)).is_empty());
    assert!(faults("money/a.rs", &format!("// https://example.com/{}", "a".repeat(200))).is_empty());
}

#[test]
fn forbidden_words_are_found() {
    for word in [
        concat!("todo", "!()"),
        concat!("unimplemented", "!()"),
        "dbg!(1)",
        "HashMap::new()",
        "Utc::now()",
        "std::time::SystemTime",
        "Instant::now()",
    ] {
        let source = format!("fn f() {{\n    let _ = {word};\n}}");
        let found = faults("money/a.rs", &source);
        assert!(!found.is_empty() && found[0].starts_with("src/money/a.rs:2:"), "{word} gave {found:?}");
    }
    for word in [
        "Some(1).unwrap()",
        "Some(1).expect(\"one\")",
        "panic!()",
        "println!()",
        "f64::ln(2.0)",
        "2.0_f64.exp()",
        "2.0_f64.powi(3)",
    ] {
        assert_eq!(faults("money/a.rs", &format!("fn f() {{ let _ = {word}; }}")).len(), 1, "{word}");
    }
    assert_fault("money/a.rs", "use std::vec::Vec;", "std::");
    assert_fault("lib.rs", "extern crate std;", "extern crate std");
    // After a test module and after code for rayon, the rest of the file is looked at again.
    assert_fault("money/a.rs", "#[cfg(test)]\nmod tests { }\nuse std::vec::Vec;", "src/money/a.rs:3: std::");
    assert_fault("money/a.rs", "#[cfg(feature = \"rayon\")]\nuse rayon::A;\nuse std::vec::Vec;", "src/money/a.rs:3: std::");
    assert_fault("money/a.rs", "#[cfg(not(feature = \"rayon\"))]\nuse std::vec::Vec;", "src/money/a.rs:2: std::");
    assert_fault("money/a.rs", "const A: char = '\\''; const B: &str = \"\\\"\"; fn f() { None::<u8>.unwrap(); }", ".unwrap()");
}
