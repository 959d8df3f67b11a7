//! What a practice says about one kind of decision support.

use crate::engine::{Answer, Call, Entity, Input, Made, QueryError, Reading, Refusal, Row};
use crate::schema::names::{DsiComment, args, createDsiCommentInput as Create, updateDsiCommentInput as Update};

pub fn entity() -> Entity<DsiComment> {
    Entity::usual()
        .requires(DsiComment::content)
        .about_nobody()
        .derives(|comment, _| comment.put(DsiComment::organization_id, comment.organization()))
}

fn of_type(on: Reading<'_>, intervention_type: &str) -> Option<Row<DsiComment>> {
    let mut own = on.of_organization::<DsiComment>(on.viewer().organization());
    own.find(|comment| comment.get(DsiComment::intervention_type) == Some(intervention_type)).map(|comment| comment.row().clone())
}

pub fn dsi_comment(on: Reading<'_>, asked: &Input<'_, args::dsiComment>) -> Result<Answer, QueryError> {
    let wanted = asked.get(args::dsiComment::intervention_type).ok().flatten().filter(|_| on.viewer().is_member());
    Ok(wanted.and_then(|wanted| of_type(on, wanted)).into())
}

/// Documented: one for each kind.
pub fn create_dsi_comment(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let kind = call.require(Create::intervention_type)?;
    let comment = call.draft::<DsiComment>();
    call.check(&comment)?;
    if of_type(call.on(), kind).is_some() {
        return Err(Refusal::on(Create::intervention_type, "has already been taken"));
    }
    Ok(comment.save(call).into())
}

pub fn update_dsi_comment(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let kind = call.require(Update::intervention_type)?;
    let comment = of_type(call.on(), kind).ok_or_else(|| Refusal::not_found("intervention_type", "DsiComment"))?;
    let draft = call.edit(&comment);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn there_is_one_comment_of_each_kind() {
        let clinic = Clinic::open();
        let write =
            |verb: &str, kind: &str, text: &str| format!(r#"{verb}DsiComment(input: {{intervention_type: {kind}, content: "{text}"}})"#);
        let answer = clinic.run(&format!(
            "mutation {{ {} {{ dsi_comment {{ content intervention_type }} messages {{ message }} }} }}",
            write("create", "UDI_NOT_UNIQUE", "Check")
        ));
        assert_eq!(
            answer["data"]["createDsiComment"]["dsi_comment"],
            json!({"content": "Check", "intervention_type": "UDI_NOT_UNIQUE"}),
            "{answer}"
        );
        clinic.refuses(&write("create", "UDI_NOT_UNIQUE", "Again"), &[("intervention_type", "has already been taken")]);
        clinic.refuses(&write("update", "VITALS_OUTSIDE_OF_RANGE", "x"), &[("intervention_type", "DsiComment not found")]);
        clinic.run(&format!("mutation {{ {} {{ messages {{ message }} }} }}", write("update", "UDI_NOT_UNIQUE", "Look")));
        let document = "{ dsiComment(intervention_type: UDI_NOT_UNIQUE) { content } none: dsiComment { content } }";
        assert_eq!(clinic.run(document)["data"], json!({"dsiComment": {"content": "Look"}, "none": null}));
        assert_eq!(clinic.as_role("outsider").run(document)["data"]["dsiComment"], json!(null));
    }
}
