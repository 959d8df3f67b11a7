//! Documents of the largest size that is read, each of a shape that costs more than it looks. Shared by the figures and by
//! `tests/documents.rs`.

/// A little below the 256 KiB beyond which nothing is read.
const BYTES: usize = 255 * 1024;

/// Each with what it is, and with variables where it needs some.
pub fn documents() -> Vec<(&'static str, String, Option<String>)> {
    let plain = [
        ("aliases of one field with arguments", around("{ ", |n| format!("a{n}: user(id: {n}) {{ id }} "), "}")),
        ("one key with other arguments each time", around("{ ", |n| format!("a: user(id: {n}) {{ id }} "), "}")),
        ("one key with the same arguments", around("{ ", |_| "user(id: 1) { id } ".to_owned(), "}")),
        ("one leaf again and again", around("{ currentUser { ", |_| "id ".to_owned(), "} }")),
        ("one leaf, and another at the end", around("{ currentUser { ", |_| "a: id ".to_owned(), "a: email } }")),
        ("many arguments, twice", {
            let arguments = filled(BYTES / 2 - 40, |n| format!("a{n}: {n} "));
            format!("{{ user({arguments}) {{ id }} user({arguments}) {{ id }} }}")
        }),
        ("one argument again and again", around("{ user(", |_| "id: 1 ".to_owned(), ") { id } }")),
        ("long arguments in conflict", around("{ ", |n| format!("a: user(id: \"{}\") {{ id }} ", format!("{n}\\\"").repeat(400)), "}")),
        ("brackets in each other", around("{ user(id: [", |_| format!("{}{} ", "[".repeat(120), "]".repeat(120)), "]) { id } }")),
        ("objects in each other", around("{ user(id: [", |_| format!("{}1{} ", "{a: ".repeat(120), "}".repeat(120)), "]) { id } }")),
        (
            "selections in each other",
            around("{ ", |n| format!("a{n}: user {{ {}id{} }} ", "dietitian { ".repeat(100), "} ".repeat(100)), "}"),
        ),
        (
            "the same selections in each other",
            around("{ ", |_| format!("user {{ {}id{} }} ", "dietitian { ".repeat(100), "} ".repeat(100)), "}"),
        ),
        (
            "fragments that all spread each other",
            around(
                "{ user { ...F0 } } ",
                |n| {
                    let spreads: String = (0..40).map(|other| format!("...F{} ", (n * 7 + other * 13) % 600)).collect();
                    format!("fragment F{n} on User {{ id {spreads}}} ")
                },
                "",
            ),
        ),
        ("a chain of fragments", around("{ user { ...F0 } } ", |n| format!("fragment F{n} on User {{ ...F{} }} ", n + 1), "")),
        (
            "a chain of fragments from its end",
            around("{ user { ...F1 } } ", |n| format!("fragment F{n} on User {{ id ...F{} }} ", n.max(1) - 1), ""),
        ),
        (
            "a chain of fragments and fields",
            around("{ user { ...F0 } } ", |n| format!("fragment F{n} on User {{ dietitian {{ ...F{} }} }} ", n + 1), ""),
        ),
        (
            "fragments that double",
            around(
                "{ user { ...F0 } } ",
                |n| format!("fragment F{n} on User {{ a: dietitian {{ ...F{0} }} b: dietitian {{ ...F{0} }} }} ", n + 1),
                "fragment F9999 on User { id }",
            ),
        ),
        (
            "forty fragments that double",
            format!(
                "{{ user {{ ...F0 }} }} {} fragment F40 on User {{ id }}",
                (0..40)
                    .map(|n| { format!("fragment F{n} on User {{ a: dietitian {{ ...F{0} }} b: dietitian {{ ...F{0} }} }} ", n + 1) })
                    .collect::<String>()
            ),
        ),
        (
            "forty fragments that double under one key",
            format!(
                "{{ user {{ ...F0 }} }} {} fragment F40 on User {{ id }}",
                (0..40)
                    .map(|n| { format!("fragment F{n} on User {{ dietitian {{ ...F{0} }} dietitian {{ ...F{0} }} }} ", n + 1) })
                    .collect::<String>()
            ),
        ),
        ("spreads of one fragment", around("fragment F on User { id } { user { ", |_| "...F ".to_owned(), "} }")),
        ("spreads of nothing", around("{ user { ", |n| format!("...F{n} "), "} }")),
        (
            "spreads deep in a document",
            around(&format!("{{ user {{ {}", "dietitian { ".repeat(100)), |_| "...F ".to_owned(), &"} ".repeat(102)),
        ),
        ("fragments that nobody uses", around("{ __typename } ", |n| format!("fragment F{n} on User {{ id }} "), "")),
        (
            "operations and fragments",
            around("", |n| format!("query Q{n} {{ ...F{} }} fragment F{n} on Query {{ ...F{} }} ", n / 2, n + 1), ""),
        ),
        ("variables that nobody uses", around("query Q(", |n| format!("$v{n}: ID = {n} "), ") { __typename }")),
        ("variables that nobody declares", around("{ users(ids: [", |n| format!("$v{n} "), "]) { __typename } }")),
        ("one variable again and again", around("query Q($v: String) { users(ids: [", |_| "$v ".to_owned(), "]) { __typename } }")),
        ("defaults that don't fit", around("query Q(", |n| format!("$v{n}: createClientInput = {{first_name: {n}}} "), ") { __typename }")),
        ("a long string", format!("{{ user(id: \"{}\") {{ id }} }}", "x".repeat(BYTES - 100))),
        ("a long string of escapes", format!("{{ user(id: \"{}\") {{ id }} }}", "\\u00e9".repeat((BYTES - 100) / 6))),
        ("a long block of lines", format!("{{ user(id: \"\"\"{}\"\"\") {{ id }} }}", " \n".repeat((BYTES - 100) / 2))),
        ("quotes without end", "\"\"\"".repeat(BYTES / 3)),
        ("a long name", format!("{{ {} }}", "x".repeat(BYTES - 100))),
        ("a long list where none is", format!("{{ user(id: [{}]) {{ id }} }}", "1 ".repeat((BYTES - 100) / 2))),
        (
            "inputs that don't fit",
            around(
                "mutation { createAutomation(input: {name: \"a\", steps: [",
                |n| format!("{{name: {n}}} "),
                "]}) { messages { field } } }",
            ),
        ),
        (
            "an input's field again and again",
            around("mutation { createClient(input: {", |_| "first_name: 1 ".to_owned(), "}) { messages { field } } }"),
        ),
        ("fields that aren't there", around("{ ", |_| "nope ".to_owned(), "}")),
        (
            "fields that aren't there, deep in a document",
            around(&format!("{{ user {{ {}", "dietitian { ".repeat(100)), |_| "nope ".to_owned(), &"} ".repeat(102)),
        ),
        ("directives", around("{ __typename ", |_| "@skip(if: true) ".to_owned(), "}")),
        ("directives that aren't there", around("{ __typename ", |n| format!("@d{n} "), "}")),
        ("conditions", around("query Q($a: Boolean!) { currentUser { ", |_| "id @include(if: $a) ".to_owned(), "} }")),
        ("definitions of types", around("", |n| format!("type T{n} {{ a: ID }} "), "")),
        ("brackets that aren't closed", "{a".repeat(BYTES / 2)),
        ("spaces", " ".repeat(BYTES)),
        ("comments", "#\n".repeat(BYTES / 2)),
        ("characters that don't belong", "é".repeat(BYTES / 2)),
        ("lines before a mistake", format!("{}é", "\n,".repeat(BYTES / 2 - 4))),
    ];
    let mut all: Vec<_> = plain.into_iter().map(|(what, document)| (what, document, None)).collect();
    let declared = "query Q($v: [ID!]!, $i: createClientInput) { users(ids: $v) { __typename } }".replace("users", "a: users");
    all.push(("variables that don't fit", declared, Some(format!("{{\"v\": [{}null]}}", "null,".repeat(BYTES / 5)))));
    all
}

fn around(before: &str, item: impl Fn(usize) -> String, behind: &str) -> String {
    format!("{before}{}{behind}", filled(BYTES - before.len() - behind.len(), item))
}

fn filled(bytes: usize, item: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(bytes);
    for n in 0.. {
        let next = item(n);
        if text.len() + next.len() > bytes {
            break;
        }
        text.push_str(&next);
    }
    text
}
