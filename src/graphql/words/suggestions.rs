//! With `--did-you-mean`: the same errors with the suffix, and nothing where no name is near.

use super::{Answerer, Hints, Request, Version, answer, table};
use insta::assert_snapshot;

#[test]
fn unknown_names_are_told_what_they_resemble() {
    let answerer = Answerer { hints: Hints::DidYouMean, ..Answerer::default() };
    let told = |document: &str| answer(&answerer, Version::V2024_06_01, &Request { query: Some(document), ..Request::default() });
    assert_snapshot!(table(&[
        "{ currentUser { frist_name emial zzzz } }",
        "{ usrs { id } }",
        "{ user(idd: 1) { id } }",
        "mutation { createClient(input: {frist_name: \"a\"}) { messages { field } } }",
        "{ currentUser { ... on Usr { id } } }",
        "{ __typename @skp(if: true) }",
        "{ __typename @skip(iff: true, if: true) }",
        "query ($a: Strng, $b: User) { user(id: $a, or: $b) { id } }",
    ], told), @r##"
        { currentUser { frist_name emial zzzz } }
            {"errors":[{"message":"Field 'frist_name' doesn't exist on type 'User' (Did you mean `first_name`?)","locations":[{"line":1,"column":17}],"path":["query","currentUser","frist_name"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"frist_name"}},{"message":"Field 'emial' doesn't exist on type 'User' (Did you mean `email`?)","locations":[{"line":1,"column":28}],"path":["query","currentUser","emial"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"emial"}},{"message":"Field 'zzzz' doesn't exist on type 'User'","locations":[{"line":1,"column":34}],"path":["query","currentUser","zzzz"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"zzzz"}}]}
        { usrs { id } }
            {"errors":[{"message":"Field 'usrs' doesn't exist on type 'Query' (Did you mean `users`?)","locations":[{"line":1,"column":3}],"path":["query","usrs"],"extensions":{"code":"undefinedField","typeName":"Query","fieldName":"usrs"}}]}
        { user(idd: 1) { id } }
            {"errors":[{"message":"Field 'user' doesn't accept argument 'idd' (Did you mean `id`?)","locations":[{"line":1,"column":8}],"path":["query","user","idd"],"extensions":{"code":"argumentNotAccepted","name":"user","typeName":"Field","argumentName":"idd"}}]}
        mutation { createClient(input: {frist_name: \"a\"}) { messages { field } } }
            {"errors":[{"message":"InputObject 'createClientInput' doesn't accept argument 'frist_name' (Did you mean `first_name`?)","locations":[{"line":1,"column":33}],"path":["mutation","createClient","input","frist_name"],"extensions":{"code":"argumentNotAccepted","name":"createClientInput","typeName":"InputObject","argumentName":"frist_name"}}]}
        { currentUser { ... on Usr { id } } }
            {"errors":[{"message":"No such type Usr, so it can't be a fragment condition (Did you mean `User`?)","locations":[{"line":1,"column":17}],"path":["query","currentUser","... on Usr"],"extensions":{"code":"undefinedType","typeName":"Usr"}}]}
        { __typename @skp(if: true) }
            {"errors":[{"message":"Directive @skp is not defined (Did you mean `skip`?)","locations":[{"line":1,"column":14}],"path":["query","__typename"],"extensions":{"code":"undefinedDirective","directiveName":"skp"}}]}
        { __typename @skip(iff: true, if: true) }
            {"errors":[{"message":"Directive 'skip' doesn't accept argument 'iff' (Did you mean `if`?)","locations":[{"line":1,"column":20}],"path":["query","__typename","iff"],"extensions":{"code":"argumentNotAccepted","name":"skip","typeName":"Directive","argumentName":"iff"}}]}
        query ($a: Strng, $b: User) { user(id: $a, or: $b) { id } }
            {"errors":[{"message":"Strng isn't a defined input type (on $a) (Did you mean `String`?)","locations":[{"line":1,"column":8}],"path":["query"],"extensions":{"code":"variableRequiresValidType","typeName":"Strng","variableName":"a"}},{"message":"User isn't a valid input type (on $b)","locations":[{"line":1,"column":19}],"path":["query"],"extensions":{"code":"variableRequiresValidType","typeName":"User","variableName":"b"}},{"message":"Field 'user' doesn't accept argument 'or'","locations":[{"line":1,"column":44}],"path":["query","user","or"],"extensions":{"code":"argumentNotAccepted","name":"user","typeName":"Field","argumentName":"or"}},{"message":"Variable $b is declared by anonymous query but not used","locations":[{"line":1,"column":1}],"path":["query"],"extensions":{"code":"variableNotUsed","variableName":"b"}}]}
        "##);
}
