//! A tag on somebody: kept when it is taken off, so that a receiver of `applied_tag.deleted` can still look it up.

use crate::engine::{Answer, Call, Entity, Input, List, QueryError, Reading, Row};
use crate::schema::Named;
use crate::schema::names::{AppliedTag, Tag, User, args};

pub fn entity() -> Entity<AppliedTag> {
    Entity::new()
        .indexed(AppliedTag::tag_id)
        .indexed(AppliedTag::user_id)
        .kept_when_deleted(AppliedTag::deleted_at)
        .announces("applied_tag")
}

/// Documented: one that was taken off is answered with `include_deleted` only.
pub fn applied_tag(on: Reading<'_>, asked: &Input<'_, args::appliedTag>) -> Result<Answer, QueryError> {
    let with_deleted = asked.is(args::appliedTag::include_deleted);
    let id = asked.get(args::appliedTag::id).ok().flatten();
    let found = id.and_then(|id| on.find_any::<AppliedTag>(id)).filter(|applied| on.viewer().reaches(applied.organization()));
    Ok(found.filter(|applied| with_deleted || applied.get(AppliedTag::deleted_at).is_none()).into())
}

pub fn applied_tags() -> List<AppliedTag, args::appliedTags> {
    List::new()
        .unpaged()
        .filter(args::appliedTags::id, |applied, id| applied.id() == id)
        .filter_eq(args::appliedTags::tag_id, AppliedTag::tag_id)
        .filter(args::appliedTags::updated_after, |applied, at| applied.get(AppliedTag::updated_at) > Some(at))
        .filter(args::appliedTags::updated_before, |applied, at| applied.get(AppliedTag::updated_at).is_some_and(|updated| updated < at))
        .default_order("UNSORTED")
}

/// Puts `tag` on `user`; nothing happens where it is on already.
pub fn apply<I: Named>(call: &mut Call<'_, I>, tag: &Row<Tag>, user: &Row<User>) {
    if is_on(call, tag.id(), user.id()).is_some() {
        return;
    }
    let applied = call.blank_draft::<AppliedTag>().belongs_to(tag.organization());
    applied.set(AppliedTag::tag_id, tag.id()).set(AppliedTag::user_id, user.id()).save(call);
}

/// Takes a tag off.
pub fn take_off<I: Named>(call: &mut Call<'_, I>, applied: &Row<AppliedTag>) {
    let now = call.now();
    call.change(applied).set(AppliedTag::deleted_at, now).save(call);
}

pub fn is_on<I: Named>(call: &Call<'_, I>, tag: u64, user: u64) -> Option<Row<AppliedTag>> {
    all_of(call, tag).into_iter().find(|applied| applied.get(AppliedTag::user_id) == Some(user))
}

/// Wherever the tag is.
pub fn all_of<I: Named>(call: &Call<'_, I>, tag: u64) -> Vec<Row<AppliedTag>> {
    let mut applied = call.having(AppliedTag::tag_id, tag);
    applied.retain(|applied| applied.get(AppliedTag::deleted_at).is_none());
    applied
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn those_of_one_tag_are_listed() {
        let clinic = Clinic::open();
        let tag = clinic.id("Tag", "spanish");
        let document = format!(r#"{{ appliedTags(tag_id: "{tag}") {{ tag {{ name }} user {{ first_name }} }} }}"#);
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "appliedTags": [
              {
                "tag": {
                  "name": "Spanish-speaking"
                },
                "user": {
                  "first_name": "Rosa"
                }
              },
              {
                "tag": {
                  "name": "Spanish-speaking"
                },
                "user": {
                  "first_name": "Priya"
                }
              }
            ]
          }
        }
        "#);
        assert_json_snapshot!(clinic.run(r#"{ appliedTags(updated_after: "2026-01-01T00:00:00Z") { tag { name } user { first_name } } }"#), @r#"
        {
          "data": {
            "appliedTags": [
              {
                "tag": {
                  "name": "Diabetes"
                },
                "user": {
                  "first_name": "Noor"
                }
              }
            ]
          }
        }
        "#);
    }
}
