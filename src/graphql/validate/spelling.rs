//! Which known names resemble an unknown one, as Ruby's DidYouMean finds them.

/// ` (Did you mean `a`, `b` or `c`?)`, or nothing.
pub(super) fn suggestion<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let corrections: Vec<_> = corrections(name, known).into_iter().map(|name| format!("`{name}`")).collect();
    match corrections.split_last() {
        None => String::new(),
        Some((only, [])) => format!(" (Did you mean {only}?)"),
        Some((last, others)) => format!(" (Did you mean {} or {last}?)", others.join(", ")),
    }
}

/// The nearest first. Mistyped names are those within a quarter of the letters; if there is none, the nearest that shares
/// anything at all counts as misspelt.
fn corrections<'n>(input: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let wanted = normal(input);
    let least = if wanted.len() > 3 { 0.834 } else { 0.77 };
    // Where one is six times as long as the other, no letters could bring them near enough.
    let is_comparable = |name: &str| name.len() * 6 >= wanted.len() && wanted.len() * 6 >= name.len();
    let mut near: Vec<(f64, &str)> = known
        .filter(|name| *name != input && is_comparable(name) && jaro_winkler(&normal(name), &wanted) >= least)
        .map(|name| (jaro_winkler(&name.chars().collect::<Vec<_>>(), &wanted), name))
        .collect();
    near.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    near.reverse();
    let most = wanted.len().div_ceil(4);
    let mistyped: Vec<_> = near.iter().map(|(_, name)| *name).filter(|name| levenshtein(&normal(name), &wanted) <= most).collect();
    if !mistyped.is_empty() {
        return mistyped;
    }
    let is_misspelt = |name: &&str| {
        let name = normal(name);
        levenshtein(&name, &wanted) < name.len().min(wanted.len())
    };
    near.iter().map(|(_, name)| *name).find(is_misspelt).into_iter().collect()
}

fn normal(name: &str) -> Vec<char> {
    name.to_lowercase().chars().filter(|next| *next != '@').collect()
}

fn jaro_winkler(one: &[char], other: &[char]) -> f64 {
    let jaro = jaro(one, other);
    if jaro <= 0.7 {
        return jaro;
    }
    let prefix = one.iter().zip(other).take(4).take_while(|(one, other)| one == other).count();
    jaro + prefix as f64 * 0.1 * (1.0 - jaro)
}

fn jaro(one: &[char], other: &[char]) -> f64 {
    let (short, long) = if one.len() > other.len() { (other, one) } else { (one, other) };
    let range = (long.len() / 2).saturating_sub(1);
    let (mut of_short, mut of_long) = (vec![false; short.len()], vec![false; long.len()]);
    for (at, letter) in short.iter().enumerate() {
        let window = at.saturating_sub(range)..(at + range + 1).min(long.len());
        if let Some(found) = window.into_iter().find(|other| !of_long[*other] && long[*other] == *letter) {
            (of_short[at], of_long[found]) = (true, true);
        }
    }
    let matches = of_short.iter().filter(|matches| **matches).count() as f64;
    if matches == 0.0 {
        return 0.0;
    }
    let chosen = |letters: &[char], flags: &[bool]| -> Vec<char> {
        letters.iter().zip(flags).filter(|(_, matches)| **matches).map(|(letter, _)| *letter).collect()
    };
    let displaced = chosen(short, &of_short).iter().zip(&chosen(long, &of_long)).filter(|(one, other)| one != other).count();
    let transpositions = (displaced / 2) as f64;
    (matches / short.len() as f64 + matches / long.len() as f64 + (matches - transpositions) / matches) / 3.0
}

fn levenshtein(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, against) in other.iter().enumerate() {
            let cost = diagonal + usize::from(letter != against);
            diagonal = row[column + 1];
            row[column + 1] = cost.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, known: &[&str]) -> String {
        suggestion(name, known.iter().copied())
    }

    #[test]
    fn distances_are_those_of_the_textbooks() {
        let letters = |word: &str| word.chars().collect::<Vec<_>>();
        let near = |one: &str, other: &str| (jaro_winkler(&letters(one), &letters(other)) * 1000.0).round() as i64;
        assert_eq!([near("martha", "marhta"), near("dwayne", "duane"), near("dixon", "dicksonx"), near("abc", "xyz")], [961, 840, 813, 0]);
        assert_eq!(levenshtein(&letters("kitten"), &letters("sitting")), 3);
        assert_eq!(levenshtein(&letters(""), &letters("abc")), 3);
    }

    #[test]
    fn what_graphql_ruby_suggests_in_its_own_tests() {
        let fields = ["firstField", "secondField", "secondFiel", "scondField", "thirdField"];
        assert_eq!(of("first_field", &fields), " (Did you mean `firstField`?)");
        assert_eq!(of("seconField", &fields), " (Did you mean `secondFiel`, `secondField` or `scondField`?)");
    }

    #[test]
    fn nothing_is_said_of_what_resembles_nothing() {
        assert_eq!(of("allergySensitivities", &["users", "user", "allergies"]), "");
        assert_eq!(of("id", &["id"]), "");
    }
}
