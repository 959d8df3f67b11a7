//! Validation: at least one document for each code.

use super::{Version, told, told_by};
use insta::assert_snapshot;

#[test]
fn fields() {
    assert_snapshot!(told(&[
        "{ nope }",
        "query Q {\n  currentUser {\n    id\n    mail: emial\n    dietitian { nope { deeper } also }\n  }\n}",
        "mutation M { createNothing(input: {a: 1}) { id } }",
        "subscription S { nothing { id } }",
        "{ currentUser { __schema { description } __nope } }",
        "{ currentUser }",
        "{ a: currentUser { } b: currentUser { id { x ... on User { y } ...F } } } fragment F on User { id }",
        "query Empty { }",
        "mutation { }",
        "{ shareable(id: 1) { id } }",
        "{ shareable(id: 1) { ... on Document { id nope } ... { nope } __typename } }",
        "{ __type(name: \"UserOrderKeys\") { kind { name } } }",
    ]), @r##"
        { nope }
            {"errors":[{"message":"Field 'nope' doesn't exist on type 'Query'","locations":[{"line":1,"column":3}],"path":["query","nope"],"extensions":{"code":"undefinedField","typeName":"Query","fieldName":"nope"}}]}
        query Q {\n  currentUser {\n    id\n    mail: emial\n    dietitian { nope { deeper } also }\n  }\n}
            {"errors":[{"message":"Field 'emial' doesn't exist on type 'User'","locations":[{"line":4,"column":5}],"path":["query Q","currentUser","mail"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"emial"}},{"message":"Field 'nope' doesn't exist on type 'User'","locations":[{"line":5,"column":17}],"path":["query Q","currentUser","dietitian","nope"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"nope"}},{"message":"Field 'also' doesn't exist on type 'User'","locations":[{"line":5,"column":33}],"path":["query Q","currentUser","dietitian","also"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"also"}}]}
        mutation M { createNothing(input: {a: 1}) { id } }
            {"errors":[{"message":"Field 'createNothing' doesn't exist on type 'Mutation'","locations":[{"line":1,"column":14}],"path":["mutation M","createNothing"],"extensions":{"code":"undefinedField","typeName":"Mutation","fieldName":"createNothing"}}]}
        subscription S { nothing { id } }
            {"errors":[{"message":"Field 'nothing' doesn't exist on type 'Subscription'","locations":[{"line":1,"column":18}],"path":["subscription S","nothing"],"extensions":{"code":"undefinedField","typeName":"Subscription","fieldName":"nothing"}}]}
        { currentUser { __schema { description } __nope } }
            {"errors":[{"message":"Field '__schema' doesn't exist on type 'User'","locations":[{"line":1,"column":17}],"path":["query","currentUser","__schema"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"__schema"}},{"message":"Field '__nope' doesn't exist on type 'User'","locations":[{"line":1,"column":42}],"path":["query","currentUser","__nope"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"__nope"}}]}
        { currentUser }
            {"errors":[{"message":"Field must have selections (field 'currentUser' returns User but has no selections. Did you mean 'currentUser { ... }'?)","locations":[{"line":1,"column":3}],"path":["query","currentUser"],"extensions":{"code":"selectionMismatch","nodeName":"field 'currentUser'","typeName":"User"}}]}
        { a: currentUser { } b: currentUser { id { x ... on User { y } ...F } } } fragment F on User { id }
            {"errors":[{"message":"Field must have selections (field 'currentUser' returns User but has no selections. Did you mean 'currentUser { ... }'?)","locations":[{"line":1,"column":3}],"path":["query","a"],"extensions":{"code":"selectionMismatch","nodeName":"field 'currentUser'","typeName":"User"}},{"message":"Selections can't be made on scalars (field 'id' returns ID but has selections [\"x\", \"... on User { ... }\", \"F\"])","locations":[{"line":1,"column":39}],"path":["query","b","id"],"extensions":{"code":"selectionMismatch","nodeName":"field 'id'","typeName":"ID"}},{"message":"Fragment F was defined, but not used","locations":[{"line":1,"column":75}],"path":["fragment F"],"extensions":{"code":"useAndDefineFragment","fragmentName":"F"}}]}
        query Empty { }
            {"errors":[{"message":"Field must have selections (query 'Empty' returns Query but has no selections. Did you mean 'Empty { ... }'?)","locations":[{"line":1,"column":1}],"path":["query Empty"],"extensions":{"code":"selectionMismatch","nodeName":"query 'Empty'","typeName":"Query"}}]}
        mutation { }
            {"errors":[{"message":"Field must have selections (anonymous query returns Mutation but has no selections. Did you mean ' { ... }'?)","locations":[{"line":1,"column":1}],"path":["mutation"],"extensions":{"code":"selectionMismatch","nodeName":"anonymous query","typeName":"Mutation"}}]}
        { shareable(id: 1) { id } }
            {"errors":[{"message":"Field 'shareable' is missing required arguments: shareable_type","locations":[{"line":1,"column":3}],"path":["query","shareable"],"extensions":{"code":"missingRequiredArguments","className":"Field","name":"shareable","arguments":"shareable_type"}},{"message":"Selections can't be made directly on unions (see selections on Shareable)","locations":[{"line":1,"column":3}],"path":["query","shareable","id"],"extensions":{"code":"selectionMismatch","nodeName":"Shareable"}}]}
        { shareable(id: 1) { ... on Document { id nope } ... { nope } __typename } }
            {"errors":[{"message":"Field 'shareable' is missing required arguments: shareable_type","locations":[{"line":1,"column":3}],"path":["query","shareable"],"extensions":{"code":"missingRequiredArguments","className":"Field","name":"shareable","arguments":"shareable_type"}},{"message":"Field 'nope' doesn't exist on type 'Document'","locations":[{"line":1,"column":43}],"path":["query","shareable","... on Document","nope"],"extensions":{"code":"undefinedField","typeName":"Document","fieldName":"nope"}},{"message":"Selections can't be made directly on unions (see selections on Shareable)","locations":[{"line":1,"column":50}],"path":["query","shareable","...","nope"],"extensions":{"code":"selectionMismatch","nodeName":"Shareable"}}]}
        { __type(name: \"UserOrderKeys\") { kind { name } } }
            {"errors":[{"message":"Selections can't be made on enums (field 'kind' returns __TypeKind but has selections [\"name\"])","locations":[{"line":1,"column":35}],"path":["query","__type","kind"],"extensions":{"code":"selectionMismatch","nodeName":"field 'kind'","typeName":"__TypeKind"}}]}
        "##);
}

#[test]
fn arguments() {
    assert_snapshot!(told(&[
        "{ currentUser(id: 1) { id } }",
        "{ me: user(id: 1, nope: $unseen, other: 2) { id(x: 1) } }",
        "{ user(id: 1.5) { id } }",
        "{ user(id: [1]) { id } b: user(id: {a: 1}) { id } c: user(id: ENUM) { id } d: user(id: true) { id } }",
        "{ users(ids: [1, 2.5], order_by: \"EMAIL_ASC\") { __typename } }",
        "{ users(order_by: NOPE, keywords: 1, has_form_completions: \"true\") { __typename } }",
        "{ user(id: 1, id: 2, id: 3) { id } }",
        "{ labResult { id } }",
        "{ labResult(id: null) { id } }",
        "{ __type { name } }",
        "{ __typename(a: 1) }",
    ]), @r##"
        { currentUser(id: 1) { id } }
            {"errors":[{"message":"Field 'currentUser' doesn't accept argument 'id'","locations":[{"line":1,"column":15}],"path":["query","currentUser","id"],"extensions":{"code":"argumentNotAccepted","name":"currentUser","typeName":"Field","argumentName":"id"}}]}
        { me: user(id: 1, nope: $unseen, other: 2) { id(x: 1) } }
            {"errors":[{"message":"Field 'me' doesn't accept argument 'nope'","locations":[{"line":1,"column":19}],"path":["query","me","nope"],"extensions":{"code":"argumentNotAccepted","name":"me","typeName":"Field","argumentName":"nope"}},{"message":"Field 'me' doesn't accept argument 'other'","locations":[{"line":1,"column":34}],"path":["query","me","other"],"extensions":{"code":"argumentNotAccepted","name":"me","typeName":"Field","argumentName":"other"}},{"message":"Field 'id' doesn't accept argument 'x'","locations":[{"line":1,"column":49}],"path":["query","me","id","x"],"extensions":{"code":"argumentNotAccepted","name":"id","typeName":"Field","argumentName":"x"}}]}
        { user(id: 1.5) { id } }
            {"errors":[{"message":"Argument 'id' on Field 'user' has an invalid value (1.5). Expected type 'ID'.","locations":[{"line":1,"column":3}],"path":["query","user","id"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"id"}}]}
        { user(id: [1]) { id } b: user(id: {a: 1}) { id } c: user(id: ENUM) { id } d: user(id: true) { id } }
            {"errors":[{"message":"Argument 'id' on Field 'user' has an invalid value ([1]). Expected type 'ID'.","locations":[{"line":1,"column":3}],"path":["query","user","id"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"id"}},{"message":"Argument 'id' on Field 'b' has an invalid value ({a: 1}). Expected type 'ID'.","locations":[{"line":1,"column":24}],"path":["query","b","id"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"id"}},{"message":"Argument 'id' on Field 'c' has an invalid value (ENUM). Expected type 'ID'.","locations":[{"line":1,"column":51}],"path":["query","c","id"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"id"}},{"message":"Argument 'id' on Field 'd' has an invalid value (true). Expected type 'ID'.","locations":[{"line":1,"column":76}],"path":["query","d","id"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"id"}}]}
        { users(ids: [1, 2.5], order_by: \"EMAIL_ASC\") { __typename } }
            {"errors":[{"message":"Argument 'ids' on Field 'users' has an invalid value ([1, 2.5]). Expected type '[ID]'.","locations":[{"line":1,"column":3}],"path":["query","users","ids"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"ids"}},{"message":"Argument 'order_by' on Field 'users' has an invalid value (\"EMAIL_ASC\"). Expected type 'UserOrderKeys'.","locations":[{"line":1,"column":3}],"path":["query","users","order_by"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"order_by"}}]}
        { users(order_by: NOPE, keywords: 1, has_form_completions: \"true\") { __typename } }
            {"errors":[{"message":"Argument 'order_by' on Field 'users' has an invalid value (NOPE). Expected type 'UserOrderKeys'.","locations":[{"line":1,"column":3}],"path":["query","users","order_by"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"order_by"}},{"message":"Argument 'keywords' on Field 'users' has an invalid value (1). Expected type 'String'.","locations":[{"line":1,"column":3}],"path":["query","users","keywords"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"keywords"}},{"message":"Field 'users' doesn't accept argument 'has_form_completions'","locations":[{"line":1,"column":38}],"path":["query","users","has_form_completions"],"extensions":{"code":"argumentNotAccepted","name":"users","typeName":"Field","argumentName":"has_form_completions"}}]}
        { user(id: 1, id: 2, id: 3) { id } }
            {"errors":[{"message":"There can be only one argument named \"id\"","locations":[{"line":1,"column":8},{"line":1,"column":15},{"line":1,"column":22}],"path":["query","user"],"extensions":{"code":"argumentNotUnique","name":"id"}}]}
        { labResult { id } }
            {"errors":[{"message":"Field 'labResult' is missing required arguments: id","locations":[{"line":1,"column":3}],"path":["query","labResult"],"extensions":{"code":"missingRequiredArguments","className":"Field","name":"labResult","arguments":"id"}}]}
        { labResult(id: null) { id } }
            {"errors":[{"message":"Argument 'id' on Field 'labResult' has an invalid value (null). Expected type 'ID!'.","locations":[{"line":1,"column":3}],"path":["query","labResult","id"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"id"}}]}
        { __type { name } }
            {"errors":[{"message":"Field '__type' is missing required arguments: name","locations":[{"line":1,"column":3}],"path":["query","__type"],"extensions":{"code":"missingRequiredArguments","className":"Field","name":"__type","arguments":"name"}}]}
        { __typename(a: 1) }
            {"errors":[{"message":"Field '__typename' doesn't accept argument 'a'","locations":[{"line":1,"column":14}],"path":["query","__typename","a"],"extensions":{"code":"argumentNotAccepted","name":"__typename","typeName":"Field","argumentName":"a"}}]}
        "##);
}

#[test]
fn input_objects() {
    assert_snapshot!(told(&[
        "mutation { createClient(input: {first_name: 1, nope: {a: $x}, last_name: {a: B, c: [\"d\", 1.0]}}) { messages { field } } }",
        "mutation { createClient(input: {first_name: \"a\", last_name: \"b\", first_name: \"c\"}) { messages { field } } }",
        "mutation { createClient(input: [{first_name: 1}]) { messages { field } } }",
        "mutation { createClient(input: \"text\") { messages { field } } }",
        "mutation { createAutomation(input: {steps: [{name: \"a\", step_type: ACTION, step_identifier: \"b\"}, {name: 1}]}) { messages { field } } }",
        "mutation { createAutomation(input: {name: null, steps: {name: \"a\", step_type: \"ACTION\", step_identifier: \"b\", nope: 1}}) { messages { field } } }",
        "mutation { createAutomation(input: {name: \"a\", steps: [null, {name: \"a\"}, {name: \"a\"}]}) { messages { field } } }",
        "mutation { createLocation(input: {name: \"a\", name: \"b\", zip: [1, 2]}) { messages { field } } }",
        "mutation M($s: String) { createAutomation(input: {name: $s, steps: [{name: $s, step_type: $s, step_identifier: $s}]}) { messages { field } } }",
    ]), @r##"
        mutation { createClient(input: {first_name: 1, nope: {a: $x}, last_name: {a: B, c: [\"d\", 1.0]}}) { messages { field } } }
            {"errors":[{"message":"Argument 'first_name' on InputObject 'createClientInput' has an invalid value (1). Expected type 'String'.","locations":[{"line":1,"column":32}],"path":["mutation","createClient","input","first_name"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"InputObject","argumentName":"first_name"}},{"message":"InputObject 'createClientInput' doesn't accept argument 'nope'","locations":[{"line":1,"column":48}],"path":["mutation","createClient","input","nope"],"extensions":{"code":"argumentNotAccepted","name":"createClientInput","typeName":"InputObject","argumentName":"nope"}},{"message":"Argument 'last_name' on InputObject 'createClientInput' has an invalid value ({a: B, c: [\"d\", 1.0]}). Expected type 'String'.","locations":[{"line":1,"column":32}],"path":["mutation","createClient","input","last_name"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"InputObject","argumentName":"last_name"}}]}
        mutation { createClient(input: {first_name: \"a\", last_name: \"b\", first_name: \"c\"}) { messages { field } } }
            {"errors":[{"message":"There can be only one input field named \"first_name\"","locations":[{"line":1,"column":33},{"line":1,"column":66}],"path":["mutation","createClient","input"],"extensions":{"code":"inputFieldNotUnique","name":"first_name"}}]}
        mutation { createClient(input: [{first_name: 1}]) { messages { field } } }
            {"errors":[{"message":"Argument 'first_name' on InputObject 'createClientInput' has an invalid value (1). Expected type 'String'.","locations":[{"line":1,"column":33}],"path":["mutation","createClient","input","first_name"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"InputObject","argumentName":"first_name"}}]}
        mutation { createClient(input: \"text\") { messages { field } } }
            {"errors":[{"message":"Argument 'input' on Field 'createClient' has an invalid value (\"text\"). Expected type 'createClientInput'.","locations":[{"line":1,"column":12}],"path":["mutation","createClient","input"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"input"}}]}
        mutation { createAutomation(input: {steps: [{name: \"a\", step_type: ACTION, step_identifier: \"b\"}, {name: 1}]}) { messages { field } } }
            {"errors":[{"message":"Argument 'name' on InputObject 'CreateAutomationInput' is required. Expected type String!","locations":[{"line":1,"column":36}],"path":["mutation","createAutomation","input","name"],"extensions":{"code":"missingRequiredInputObjectAttribute","argumentName":"name","argumentType":"String!","inputObjectType":"CreateAutomationInput"}},{"message":"Argument 'step_identifier' on InputObject 'StepInput' is required. Expected type String!","locations":[{"line":1,"column":99}],"path":["mutation","createAutomation","input","steps",1,"step_identifier"],"extensions":{"code":"missingRequiredInputObjectAttribute","argumentName":"step_identifier","argumentType":"String!","inputObjectType":"StepInput"}},{"message":"Argument 'step_type' on InputObject 'StepInput' is required. Expected type AutomationStepType!","locations":[{"line":1,"column":99}],"path":["mutation","createAutomation","input","steps",1,"step_type"],"extensions":{"code":"missingRequiredInputObjectAttribute","argumentName":"step_type","argumentType":"AutomationStepType!","inputObjectType":"StepInput"}},{"message":"Argument 'name' on InputObject 'StepInput' has an invalid value (1). Expected type 'String!'.","locations":[{"line":1,"column":99}],"path":["mutation","createAutomation","input","steps",1,"name"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"InputObject","argumentName":"name"}}]}
        mutation { createAutomation(input: {name: null, steps: {name: \"a\", step_type: \"ACTION\", step_identifier: \"b\", nope: 1}}) { messages { field } } }
            {"errors":[{"message":"Argument 'name' on InputObject 'CreateAutomationInput' has an invalid value (null). Expected type 'String!'.","locations":[{"line":1,"column":36}],"path":["mutation","createAutomation","input","name"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"InputObject","argumentName":"name"}},{"message":"Argument 'step_type' on InputObject 'StepInput' has an invalid value (\"ACTION\"). Expected type 'AutomationStepType!'.","locations":[{"line":1,"column":56}],"path":["mutation","createAutomation","input","steps",0,"step_type"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"InputObject","argumentName":"step_type"}},{"message":"InputObject 'StepInput' doesn't accept argument 'nope'","locations":[{"line":1,"column":111}],"path":["mutation","createAutomation","input","steps",0,"nope"],"extensions":{"code":"argumentNotAccepted","name":"StepInput","typeName":"InputObject","argumentName":"nope"}}]}
        mutation { createAutomation(input: {name: \"a\", steps: [null, {name: \"a\"}, {name: \"a\"}]}) { messages { field } } }
            {"errors":[{"message":"Argument 'step_identifier' on InputObject 'StepInput' is required. Expected type String!","locations":[{"line":1,"column":62}],"path":["mutation","createAutomation","input","steps",1,"step_identifier"],"extensions":{"code":"missingRequiredInputObjectAttribute","argumentName":"step_identifier","argumentType":"String!","inputObjectType":"StepInput"}},{"message":"Argument 'step_type' on InputObject 'StepInput' is required. Expected type AutomationStepType!","locations":[{"line":1,"column":62}],"path":["mutation","createAutomation","input","steps",1,"step_type"],"extensions":{"code":"missingRequiredInputObjectAttribute","argumentName":"step_type","argumentType":"AutomationStepType!","inputObjectType":"StepInput"}},{"message":"Argument 'step_identifier' on InputObject 'StepInput' is required. Expected type String!","locations":[{"line":1,"column":75}],"path":["mutation","createAutomation","input","steps",1,"step_identifier"],"extensions":{"code":"missingRequiredInputObjectAttribute","argumentName":"step_identifier","argumentType":"String!","inputObjectType":"StepInput"}},{"message":"Argument 'step_type' on InputObject 'StepInput' is required. Expected type AutomationStepType!","locations":[{"line":1,"column":75}],"path":["mutation","createAutomation","input","steps",1,"step_type"],"extensions":{"code":"missingRequiredInputObjectAttribute","argumentName":"step_type","argumentType":"AutomationStepType!","inputObjectType":"StepInput"}}]}
        mutation { createLocation(input: {name: \"a\", name: \"b\", zip: [1, 2]}) { messages { field } } }
            {"errors":[{"message":"There can be only one input field named \"name\"","locations":[{"line":1,"column":35},{"line":1,"column":46}],"path":["mutation","createLocation","input"],"extensions":{"code":"inputFieldNotUnique","name":"name"}},{"message":"Argument 'zip' on InputObject 'createLocationInput' has an invalid value ([1, 2]). Expected type 'String'.","locations":[{"line":1,"column":34}],"path":["mutation","createLocation","input","zip"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"InputObject","argumentName":"zip"}}]}
        mutation M($s: String) { createAutomation(input: {name: $s, steps: [{name: $s, step_type: $s, step_identifier: $s}]}) { messages { field } } }
            {"errors":[{"message":"Nullability mismatch on variable $s and argument name (String / String!)","locations":[{"line":1,"column":51}],"path":["mutation M","createAutomation","input","name"],"extensions":{"code":"variableMismatch","variableName":"s","typeName":"String","argumentName":"name","errorMessage":"Nullability mismatch"}},{"message":"Nullability mismatch on variable $s and argument name (String / String!)","locations":[{"line":1,"column":70}],"path":["mutation M","createAutomation","input","steps",0,"name"],"extensions":{"code":"variableMismatch","variableName":"s","typeName":"String","argumentName":"name","errorMessage":"Nullability mismatch"}},{"message":"Type mismatch on variable $s and argument step_type (String / AutomationStepType!)","locations":[{"line":1,"column":80}],"path":["mutation M","createAutomation","input","steps",0,"step_type"],"extensions":{"code":"variableMismatch","variableName":"s","typeName":"String","argumentName":"step_type","errorMessage":"Type mismatch"}},{"message":"Nullability mismatch on variable $s and argument step_identifier (String / String!)","locations":[{"line":1,"column":95}],"path":["mutation M","createAutomation","input","steps",0,"step_identifier"],"extensions":{"code":"variableMismatch","variableName":"s","typeName":"String","argumentName":"step_identifier","errorMessage":"Nullability mismatch"}}]}
        "##);
}

#[test]
fn fragments() {
    assert_snapshot!(told(&[
        "{ currentUser { ...Missing ...Other } }",
        "{ currentUser { ...F ...Missing ...Overlooked } } fragment F on User { id }",
        "{ currentUser { id } } fragment A on User { id } fragment B on User { ...C } fragment C on User { id }",
        "{ currentUser { ...F } } fragment F on User { id } fragment F on User { email }",
        "{ currentUser { ...F } } fragment F on User { dietitian { ...F } }",
        "{ currentUser { ...A } } fragment A on User { ...B } fragment B on User { ...C id } fragment C on User { ...B }",
        "{ currentUser { id } } fragment Loop on User { ...Loop }",
        "{ currentUser { id } } fragment on User { id }",
        "{ currentUser { ... on Nope { id } ...F } } fragment F on Nope { x }",
        "{ currentUser { ... on ID { id } ...F } } fragment F on createClientInput { x }",
        "{ currentUser { ... on Document { id } ...F ... on User { ... on Query { __typename } } } } fragment F on Document { id }",
        "{ shareable(id: 1) { ...F ... on User { id } } } fragment F on Shareable { ... on Document { id } }",
    ]), @r##"
        { currentUser { ...Missing ...Other } }
            {"errors":[{"message":"Fragment Missing was used, but not defined","locations":[{"line":1,"column":17}],"path":["query","currentUser","... Missing"],"extensions":{"code":"useAndDefineFragment","fragmentName":"Missing"}},{"message":"Fragment Other was used, but not defined","locations":[{"line":1,"column":28}],"path":["query","currentUser","... Other"],"extensions":{"code":"useAndDefineFragment","fragmentName":"Other"}}]}
        { currentUser { ...F ...Missing ...Overlooked } } fragment F on User { id }
            {"errors":[{"message":"Fragment Missing was used, but not defined","locations":[{"line":1,"column":22}],"path":["query","currentUser","... Missing"],"extensions":{"code":"useAndDefineFragment","fragmentName":"Missing"}}]}
        { currentUser { id } } fragment A on User { id } fragment B on User { ...C } fragment C on User { id }
            {"errors":[{"message":"Fragment B was defined, but not used","locations":[{"line":1,"column":50}],"path":["fragment B"],"extensions":{"code":"useAndDefineFragment","fragmentName":"B"}},{"message":"Fragment A was defined, but not used","locations":[{"line":1,"column":24}],"path":["fragment A"],"extensions":{"code":"useAndDefineFragment","fragmentName":"A"}}]}
        { currentUser { ...F } } fragment F on User { id } fragment F on User { email }
            {"errors":[{"message":"Fragment name \"F\" must be unique","locations":[{"line":1,"column":26},{"line":1,"column":52}],"path":[],"extensions":{"code":"fragmentNotUnique","fragmentName":"F"}}]}
        { currentUser { ...F } } fragment F on User { dietitian { ...F } }
            {"errors":[{"message":"Fragment F contains an infinite loop","locations":[{"line":1,"column":26}],"path":["fragment F"],"extensions":{"code":"infiniteLoop","fragmentName":"F"}}]}
        { currentUser { ...A } } fragment A on User { ...B } fragment B on User { ...C id } fragment C on User { ...B }
            {"errors":[{"message":"Fragment A contains an infinite loop","locations":[{"line":1,"column":26}],"path":["fragment A"],"extensions":{"code":"infiniteLoop","fragmentName":"A"}},{"message":"Fragment B contains an infinite loop","locations":[{"line":1,"column":54}],"path":["fragment B"],"extensions":{"code":"infiniteLoop","fragmentName":"B"}},{"message":"Fragment C contains an infinite loop","locations":[{"line":1,"column":85}],"path":["fragment C"],"extensions":{"code":"infiniteLoop","fragmentName":"C"}}]}
        { currentUser { id } } fragment Loop on User { ...Loop }
            {"errors":[{"message":"Fragment Loop contains an infinite loop","locations":[{"line":1,"column":24}],"path":["fragment Loop"],"extensions":{"code":"infiniteLoop","fragmentName":"Loop"}}]}
        { currentUser { id } } fragment on User { id }
            {"errors":[{"message":"Fragment definition has no name","locations":[{"line":1,"column":24}],"path":["fragment "],"extensions":{"code":"anonymousFragment"}},{"message":"Fragment  was defined, but not used","locations":[{"line":1,"column":24}],"path":["fragment "],"extensions":{"code":"useAndDefineFragment","fragmentName":null}}]}
        { currentUser { ... on Nope { id } ...F } } fragment F on Nope { x }
            {"errors":[{"message":"No such type Nope, so it can't be a fragment condition","locations":[{"line":1,"column":17}],"path":["query","currentUser","... on Nope"],"extensions":{"code":"undefinedType","typeName":"Nope"}},{"message":"No such type Nope, so it can't be a fragment condition","locations":[{"line":1,"column":45}],"path":["fragment F"],"extensions":{"code":"undefinedType","typeName":"Nope"}}]}
        { currentUser { ... on ID { id } ...F } } fragment F on createClientInput { x }
            {"errors":[{"message":"Invalid fragment on type ID (must be Union, Interface or Object)","locations":[{"line":1,"column":17}],"path":["query","currentUser","... on ID"],"extensions":{"code":"fragmentOnNonCompositeType","typeName":"ID"}},{"message":"Invalid fragment on type createClientInput (must be Union, Interface or Object)","locations":[{"line":1,"column":43}],"path":["fragment F"],"extensions":{"code":"fragmentOnNonCompositeType","typeName":"createClientInput"}}]}
        { currentUser { ... on Document { id } ...F ... on User { ... on Query { __typename } } } } fragment F on Document { id }
            {"errors":[{"message":"Fragment on Document can't be spread inside User","locations":[{"line":1,"column":17}],"path":["query","currentUser","... on Document"],"extensions":{"code":"cannotSpreadFragment","typeName":"Document","fragmentName":"unknown","parentName":"User"}},{"message":"Fragment on Query can't be spread inside User","locations":[{"line":1,"column":59}],"path":["query","currentUser","... on User","... on Query"],"extensions":{"code":"cannotSpreadFragment","typeName":"Query","fragmentName":"unknown","parentName":"User"}},{"message":"Fragment F on Document can't be spread inside User","locations":[{"line":1,"column":40}],"path":["query","currentUser","... F"],"extensions":{"code":"cannotSpreadFragment","typeName":"Document","fragmentName":" F","parentName":"User"}}]}
        { shareable(id: 1) { ...F ... on User { id } } } fragment F on Shareable { ... on Document { id } }
            {"errors":[{"message":"Field 'shareable' is missing required arguments: shareable_type","locations":[{"line":1,"column":3}],"path":["query","shareable"],"extensions":{"code":"missingRequiredArguments","className":"Field","name":"shareable","arguments":"shareable_type"}},{"message":"Fragment on User can't be spread inside Shareable","locations":[{"line":1,"column":27}],"path":["query","shareable","... on User"],"extensions":{"code":"cannotSpreadFragment","typeName":"User","fragmentName":"unknown","parentName":"Shareable"}}]}
        "##);
}

#[test]
fn directives() {
    assert_snapshot!(told(&[
        "query Q @live { currentUser @client { id @connection(key: $x) } }",
        "query Q @skip(if: true) { currentUser { id @deprecated(reason: \"x\") ...F @include(if: true) } } fragment F on User @include(if: false) { id }",
        "mutation @include(if: true) { __typename }",
        "query ($v: Boolean! @skip(if: true)) { __typename @skip(if: $v) }",
        "{ currentUser { id @skip(if: true) @include(if: true) @skip(if: false) } }",
        "{ __typename @skip }",
        "{ __typename @skip(if: null) @include(if: \"true\", unless: 1) }",
        "query ($v: String) { __typename @skip(if: $v) }",
    ]), @r##"
        query Q @live { currentUser @client { id @connection(key: $x) } }
            {"errors":[{"message":"Directive @live is not defined","locations":[{"line":1,"column":9}],"path":["query Q"],"extensions":{"code":"undefinedDirective","directiveName":"live"}},{"message":"Directive @client is not defined","locations":[{"line":1,"column":29}],"path":["query Q","currentUser"],"extensions":{"code":"undefinedDirective","directiveName":"client"}},{"message":"Directive @connection is not defined","locations":[{"line":1,"column":42}],"path":["query Q","currentUser","id"],"extensions":{"code":"undefinedDirective","directiveName":"connection"}}]}
        query Q @skip(if: true) { currentUser { id @deprecated(reason: \"x\") ...F @include(if: true) } } fragment F on User @include(if: false) { id }
            {"errors":[{"message":"'@skip' can't be applied to queries (allowed: fields, fragment spreads, inline fragments)","locations":[{"line":1,"column":9}],"path":["query Q"],"extensions":{"code":"directiveCannotBeApplied","targetName":"queries","name":"skip"}},{"message":"'@deprecated' can't be applied to fields (allowed: , , , )","locations":[{"line":1,"column":44}],"path":["query Q","currentUser","id"],"extensions":{"code":"directiveCannotBeApplied","targetName":"fields","name":"deprecated"}},{"message":"'@include' can't be applied to fragment definitions (allowed: fields, fragment spreads, inline fragments)","locations":[{"line":1,"column":116}],"path":["fragment F"],"extensions":{"code":"directiveCannotBeApplied","targetName":"fragment definitions","name":"include"}}]}
        mutation @include(if: true) { __typename }
            {"errors":[{"message":"'@include' can't be applied to mutations (allowed: fields, fragment spreads, inline fragments)","locations":[{"line":1,"column":10}],"path":["mutation"],"extensions":{"code":"directiveCannotBeApplied","targetName":"mutations","name":"include"}}]}
        query ($v: Boolean! @skip(if: true)) { __typename @skip(if: $v) }
            {"errors":[{"message":"'@skip' can't be applied to variable definitions (allowed: fields, fragment spreads, inline fragments)","locations":[{"line":1,"column":21}],"path":["query"],"extensions":{"code":"directiveCannotBeApplied","targetName":"variable definitions","name":"skip"}}]}
        { currentUser { id @skip(if: true) @include(if: true) @skip(if: false) } }
            {"errors":[{"message":"The directive \"skip\" can only be used once at this location.","locations":[{"line":1,"column":20},{"line":1,"column":55}],"path":["query","currentUser","id"],"extensions":{"code":"directiveNotUniqueForLocation","directiveName":"skip"}}]}
        { __typename @skip }
            {"errors":[{"message":"Directive 'skip' is missing required arguments: if","locations":[{"line":1,"column":14}],"path":["query","__typename"],"extensions":{"code":"missingRequiredArguments","className":"Directive","name":"skip","arguments":"if"}}]}
        { __typename @skip(if: null) @include(if: \"true\", unless: 1) }
            {"errors":[{"message":"Argument 'if' on Directive 'skip' has an invalid value (null). Expected type 'Boolean!'.","locations":[{"line":1,"column":14}],"path":["query","__typename","if"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Directive","argumentName":"if"}},{"message":"Directive 'include' doesn't accept argument 'unless'","locations":[{"line":1,"column":51}],"path":["query","__typename","unless"],"extensions":{"code":"argumentNotAccepted","name":"include","typeName":"Directive","argumentName":"unless"}}]}
        query ($v: String) { __typename @skip(if: $v) }
            {"errors":[{"message":"Type mismatch on variable $v and argument if (String / Boolean!)","locations":[{"line":1,"column":39}],"path":["query","__typename","if"],"extensions":{"code":"variableMismatch","variableName":"v","typeName":"String","argumentName":"if","errorMessage":"Type mismatch"}}]}
        "##);
}

#[test]
fn variables() {
    assert_snapshot!(told(&[
        "query Q($a: ID, $b: Int) { user(id: $a) { id } }",
        "query Q { user(id: $a) { id dietitian { email @skip(if: $b) } } } ",
        "{ a: user(id: $x) { id } b: user(id: $x) { id } }",
        "query Q { currentUser { ...F } } query R($x: Boolean!) { currentUser { ...F } } fragment F on User { id @skip(if: $x) }",
        "query Q($v: String) { user(id: $v) { id } }",
        "query Q($v: [ID]) { user(id: $v) { id } }",
        "query Q($v: ID) { labResult(id: $v) { id } }",
        "query Q($v: ID = 1) { labResult(id: $v) { id } }",
        "query Q($v: [ID!]) { users(ids: [$v]) { __typename } }",
        "query Q($v: ID) { users(ids: [[[[$v]]]]) { __typename } }",
        "mutation M($i: createLocationInput!, $s: Int) { a: createClient(input: $i) { messages { field } } b: createClient(input: {first_name: $s}) { messages { field } } }",
        "query Q($a: Nope, $b: User!, $c: [Shareable]) { a: user(id: $a) { id } b: user(id: $b) { id } c: user(id: $c) { id } }",
        "query Q($a: ID, $a: Int, $b: ID, $a: ID) { a: user(id: $a) { id } b: user(id: $b) { id } }",
        "query Q($a: Boolean = \"1\", $b: [ID!] = [1, null], $c: UserOrderKeys = NOPE, $d: UserOrderKeys = \"EMAIL_ASC\") { users(show_all_by_default: $a, ids: $b, order_by: $c) { __typename } b: users(order_by: $d) { __typename } }",
        "mutation M($i: createClientInput = {first_name: 1, nope: 2}) { createClient(input: $i) { messages { field } } }",
        "mutation M($i: CreateAutomationInput = {steps: []}) { createAutomation(input: $i) { messages { field } } }",
    ]), @r##"
        query Q($a: ID, $b: Int) { user(id: $a) { id } }
            {"errors":[{"message":"Variable $b is declared by Q but not used","locations":[{"line":1,"column":1}],"path":["query Q"],"extensions":{"code":"variableNotUsed","variableName":"b"}}]}
        query Q { user(id: $a) { id dietitian { email @skip(if: $b) } } } 
            {"errors":[{"message":"Variable $a is used by Q but not declared","locations":[{"line":1,"column":20}],"path":["query Q","user","id"],"extensions":{"code":"variableNotDefined","variableName":"a"}},{"message":"Variable $b is used by Q but not declared","locations":[{"line":1,"column":57}],"path":["query Q","user","dietitian","email","if"],"extensions":{"code":"variableNotDefined","variableName":"b"}}]}
        { a: user(id: $x) { id } b: user(id: $x) { id } }
            {"errors":[{"message":"Variable $x is used by anonymous query but not declared","locations":[{"line":1,"column":38}],"path":["query","b","id"],"extensions":{"code":"variableNotDefined","variableName":"x"}}]}
        query Q { currentUser { ...F } } query R($x: Boolean!) { currentUser { ...F } } fragment F on User { id @skip(if: $x) }
            {"errors":[{"message":"An operation name is required"}]}
        query Q($v: String) { user(id: $v) { id } }
            {"errors":[{"message":"Type mismatch on variable $v and argument id (String / ID)","locations":[{"line":1,"column":28}],"path":["query Q","user","id"],"extensions":{"code":"variableMismatch","variableName":"v","typeName":"String","argumentName":"id","errorMessage":"Type mismatch"}}]}
        query Q($v: [ID]) { user(id: $v) { id } }
            {"errors":[{"message":"List dimension mismatch on variable $v and argument id ([ID] / ID)","locations":[{"line":1,"column":26}],"path":["query Q","user","id"],"extensions":{"code":"variableMismatch","variableName":"v","typeName":"[ID]","argumentName":"id","errorMessage":"List dimension mismatch"}}]}
        query Q($v: ID) { labResult(id: $v) { id } }
            {"errors":[{"message":"Nullability mismatch on variable $v and argument id (ID / ID!)","locations":[{"line":1,"column":29}],"path":["query Q","labResult","id"],"extensions":{"code":"variableMismatch","variableName":"v","typeName":"ID","argumentName":"id","errorMessage":"Nullability mismatch"}}]}
        query Q($v: ID = 1) { labResult(id: $v) { id } }
            {"data":{"labResult":null}}
        query Q($v: [ID!]) { users(ids: [$v]) { __typename } }
            {"errors":[{"message":"List dimension mismatch on variable $v and argument ids ([[ID!]]! / [ID])","locations":[{"line":1,"column":28}],"path":["query Q","users","ids"],"extensions":{"code":"variableMismatch","variableName":"v","typeName":"[[ID!]]!","argumentName":"ids","errorMessage":"List dimension mismatch"}}]}
        query Q($v: ID) { users(ids: [[[[$v]]]]) { __typename } }
            {"errors":[{"message":"Argument 'ids' on Field 'users' has an invalid value ([[[[$v]]]]). Expected type '[ID]'.","locations":[{"line":1,"column":19}],"path":["query Q","users","ids"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"ids"}}]}
        mutation M($i: createLocationInput!, $s: Int) { a: createClient(input: $i) { messages { field } } b: createClient(input: {first_name: $s}) { messages { field } } }
            {"errors":[{"message":"Type mismatch on variable $i and argument input (createLocationInput! / createClientInput)","locations":[{"line":1,"column":65}],"path":["mutation M","a","input"],"extensions":{"code":"variableMismatch","variableName":"i","typeName":"createLocationInput!","argumentName":"input","errorMessage":"Type mismatch"}},{"message":"Type mismatch on variable $s and argument first_name (Int / String)","locations":[{"line":1,"column":123}],"path":["mutation M","b","input","first_name"],"extensions":{"code":"variableMismatch","variableName":"s","typeName":"Int","argumentName":"first_name","errorMessage":"Type mismatch"}}]}
        query Q($a: Nope, $b: User!, $c: [Shareable]) { a: user(id: $a) { id } b: user(id: $b) { id } c: user(id: $c) { id } }
            {"errors":[{"message":"Nope isn't a defined input type (on $a)","locations":[{"line":1,"column":9}],"path":["query Q"],"extensions":{"code":"variableRequiresValidType","typeName":"Nope","variableName":"a"}},{"message":"User isn't a valid input type (on $b)","locations":[{"line":1,"column":19}],"path":["query Q"],"extensions":{"code":"variableRequiresValidType","typeName":"User","variableName":"b"}},{"message":"Shareable isn't a valid input type (on $c)","locations":[{"line":1,"column":30}],"path":["query Q"],"extensions":{"code":"variableRequiresValidType","typeName":"Shareable","variableName":"c"}},{"message":"Type mismatch on variable $b and argument id (User! / ID)","locations":[{"line":1,"column":80}],"path":["query Q","b","id"],"extensions":{"code":"variableMismatch","variableName":"b","typeName":"User!","argumentName":"id","errorMessage":"Type mismatch"}},{"message":"Type mismatch on variable $c and argument id ([Shareable] / ID)","locations":[{"line":1,"column":103}],"path":["query Q","c","id"],"extensions":{"code":"variableMismatch","variableName":"c","typeName":"[Shareable]","argumentName":"id","errorMessage":"Type mismatch"}}]}
        query Q($a: ID, $a: Int, $b: ID, $a: ID) { a: user(id: $a) { id } b: user(id: $b) { id } }
            {"errors":[{"message":"There can only be one variable named \"a\"","locations":[{"line":1,"column":9},{"line":1,"column":17},{"line":1,"column":34}],"path":["query Q"],"extensions":{"code":"variableNotUnique","variableName":"a"}}]}
        query Q($a: Boolean = \"1\", $b: [ID!] = [1, null], $c: UserOrderKeys = NOPE, $d: UserOrderKeys = \"EMAIL_ASC\") { users(show_all_by_default: $a, ids: $b, order_by: $c) { __typename } b: users(order_by: $d) { __typename } }
            {"errors":[{"message":"Could not coerce value \"1\" to Boolean","locations":[{"line":1,"column":9}],"path":["query Q"],"extensions":{"code":"defaultValueInvalidType","variableName":"a","typeName":"Boolean"}},{"message":"Default value for $b doesn't match type [ID!]","locations":[{"line":1,"column":28}],"path":["query Q"],"extensions":{"code":"defaultValueInvalidType","variableName":"b","typeName":"[ID!]"}},{"message":"Expected \"NOPE\" to be one of: EMAIL_ASC, EMAIL_DESC, FIRST_NAME_ASC, FIRST_NAME_DESC, LAST_NAME_DESC, LAST_NAME_ASC, CREATED_AT_DESC, CREATED_AT_ASC, UPDATED_AT_DESC, UPDATED_AT_ASC, GROUP_NAME_ASC, GROUP_NAME_DESC, PROVIDER_NAME_ASC, PROVIDER_NAME_DESC, NEXT_APPT_DATE_ASC, NEXT_APPT_DATE_DESC","locations":[{"line":1,"column":51}],"path":["query Q"],"extensions":{"code":"defaultValueInvalidType","variableName":"c","typeName":"UserOrderKeys"}},{"message":"Default value for $d doesn't match type UserOrderKeys","locations":[{"line":1,"column":77}],"path":["query Q"],"extensions":{"code":"defaultValueInvalidType","variableName":"d","typeName":"UserOrderKeys"}}]}
        mutation M($i: createClientInput = {first_name: 1, nope: 2}) { createClient(input: $i) { messages { field } } }
            {"errors":[{"message":"Could not coerce value 1 to String","locations":[{"line":1,"column":12}],"path":["mutation M"],"extensions":{"code":"defaultValueInvalidType","variableName":"i","typeName":"createClientInput"}}]}
        mutation M($i: CreateAutomationInput = {steps: []}) { createAutomation(input: $i) { messages { field } } }
            {"errors":[{"message":"Default value for $i doesn't match type CreateAutomationInput","locations":[{"line":1,"column":12}],"path":["mutation M"],"extensions":{"code":"defaultValueInvalidType","variableName":"i","typeName":"CreateAutomationInput"}}]}
        "##);
}

#[test]
fn operations() {
    assert_snapshot!(told(&[
        "query A { __typename } query A { __typename } mutation A { __typename }",
        "{ __typename } { __typename }",
        "{ __typename } query B { __typename }",
        "query A { __typename } query B { __typename }",
        "subscription { a: userUpdatedSubscription { id } b: userUpdatedSubscription { id } }",
        "subscription S { ...F ... { __typename } } fragment F on Subscription { userUpdatedSubscription { id } }",
        "type A { b: C }\nquery { nope }\nextend scalar D",
        "fragment F on User { id nope }",
        "schema { query: Q }",
    ]), @r##"
        query A { __typename } query A { __typename } mutation A { __typename }
            {"errors":[{"message":"Operation name \"A\" must be unique","locations":[{"line":1,"column":1},{"line":1,"column":24},{"line":1,"column":47}],"path":[],"extensions":{"code":"uniquelyNamedOperations","operationName":"A"}}]}
        { __typename } { __typename }
            {"errors":[{"message":"Operation name is required when multiple operations are present","locations":[{"line":1,"column":1},{"line":1,"column":16}],"path":[],"extensions":{"code":"uniquelyNamedOperations"}}]}
        { __typename } query B { __typename }
            {"errors":[{"message":"Operation name is required when multiple operations are present","locations":[{"line":1,"column":1}],"path":[],"extensions":{"code":"uniquelyNamedOperations"}}]}
        query A { __typename } query B { __typename }
            {"errors":[{"message":"An operation name is required"}]}
        subscription { a: userUpdatedSubscription { id } b: userUpdatedSubscription { id } }
            {"errors":[{"message":"A subscription operation may only have one selection","locations":[{"line":1,"column":1}],"path":["subscription"],"extensions":{"code":"notSingleSubscription"}}]}
        subscription S { ...F ... { __typename } } fragment F on Subscription { userUpdatedSubscription { id } }
            {"errors":[{"message":"A subscription operation may only have one selection","locations":[{"line":1,"column":1}],"path":["subscription S"],"extensions":{"code":"notSingleSubscription"}}]}
        type A { b: C }\nquery { nope }\nextend scalar D
            {"errors":[{"message":"Field 'nope' doesn't exist on type 'Query'","locations":[{"line":2,"column":9}],"path":["query","nope"],"extensions":{"code":"undefinedField","typeName":"Query","fieldName":"nope"}},{"message":"Query cannot contain schema definitions","locations":[{"line":1,"column":1},{"line":3,"column":1}],"path":[],"extensions":{"code":"queryContainsSchemaDefinitions"}}]}
        fragment F on User { id nope }
            {"errors":[{"message":"Field 'nope' doesn't exist on type 'User'","locations":[{"line":1,"column":25}],"path":["fragment F","nope"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"nope"}},{"message":"Fragment F was defined, but not used","locations":[{"line":1,"column":1}],"path":["fragment F"],"extensions":{"code":"useAndDefineFragment","fragmentName":"F"}}]}
        schema { query: Q }
            {"errors":[{"message":"Query cannot contain schema definitions","locations":[{"line":1,"column":1}],"path":[],"extensions":{"code":"queryContainsSchemaDefinitions"}}]}
        "##);
}

#[test]
fn conflicts() {
    assert_snapshot!(told(&[
        "{ currentUser { a: id a: email } }",
        "{ a: user(id: 1) { id } a: user(id: 2) { id } }",
        "{ a: user(id: 1) { id } a: currentUser { id } a: user { id } }",
        "{ user(id: 1) { x: id } user(id: 1) { x: email } }",
        "query Q($a: ID) { user(id: $a) { id } user(id: \"a\") { id } user(id: A) { id } }",
        "{ currentUser { x: id ...F } } fragment F on User { x: email ...G } fragment G on User { x: first_name }",
        "{ currentUser { ...F ...G } } fragment F on User { x: id } fragment G on User { x: email }",
        "{ currentUser { ... on User { x: id } ... on User { x: email } } }",
        "{ shareable(id: 1) { ... on Document { x: id } ... on Folder { x: __typename } } }",
        "mutation { a: createClient(input: {first_name: \"a\", last_name: null}) { messages { field } } a: createClient(input: {last_name: null, first_name: \"a\"}) { messages { field } } }",
        "{ currentUser { nope: id nope: email also } }",
    ]), @r##"
        { currentUser { a: id a: email } }
            {"errors":[{"message":"Field 'a' has a field conflict: id or email?","locations":[{"line":1,"column":17},{"line":1,"column":23}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"a","conflicts":"id or email"}}]}
        { a: user(id: 1) { id } a: user(id: 2) { id } }
            {"errors":[{"message":"Field 'a' has an argument conflict: {id:\"1\"} or {id:\"2\"}?","locations":[{"line":1,"column":3},{"line":1,"column":25}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"a","conflicts":"{id:\"1\"} or {id:\"2\"}"}}]}
        { a: user(id: 1) { id } a: currentUser { id } a: user { id } }
            {"errors":[{"message":"Field 'a' has a field conflict: user or currentUser or user?","locations":[{"line":1,"column":3},{"line":1,"column":25},{"line":1,"column":47}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"a","conflicts":"user or currentUser or user"}},{"message":"Field 'a' has an argument conflict: {id:\"1\"} or {} or {}?","locations":[{"line":1,"column":3},{"line":1,"column":25},{"line":1,"column":47}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"a","conflicts":"{id:\"1\"} or {} or {}"}}]}
        { user(id: 1) { x: id } user(id: 1) { x: email } }
            {"errors":[{"message":"Field 'x' has a field conflict: id or email?","locations":[{"line":1,"column":17},{"line":1,"column":39}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"x","conflicts":"id or email"}}]}
        query Q($a: ID) { user(id: $a) { id } user(id: \"a\") { id } user(id: A) { id } }
            {"errors":[{"message":"Field 'user' has an argument conflict: {id:\"$a\"} or {id:\"\\\"a\\\"\"} or {id:\"A\"}?","locations":[{"line":1,"column":19},{"line":1,"column":39},{"line":1,"column":60}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"user","conflicts":"{id:\"$a\"} or {id:\"\\\"a\\\"\"} or {id:\"A\"}"}},{"message":"Argument 'id' on Field 'user' has an invalid value (A). Expected type 'ID'.","locations":[{"line":1,"column":60}],"path":["query Q","user","id"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"id"}}]}
        { currentUser { x: id ...F } } fragment F on User { x: email ...G } fragment G on User { x: first_name }
            {"errors":[{"message":"Field 'x' has a field conflict: id or email or first_name?","locations":[{"line":1,"column":17},{"line":1,"column":53},{"line":1,"column":90}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"x","conflicts":"id or email or first_name"}}]}
        { currentUser { ...F ...G } } fragment F on User { x: id } fragment G on User { x: email }
            {"errors":[{"message":"Field 'x' has a field conflict: id or email?","locations":[{"line":1,"column":52},{"line":1,"column":81}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"x","conflicts":"id or email"}}]}
        { currentUser { ... on User { x: id } ... on User { x: email } } }
            {"errors":[{"message":"Field 'x' has a field conflict: id or email?","locations":[{"line":1,"column":31},{"line":1,"column":53}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"x","conflicts":"id or email"}}]}
        { shareable(id: 1) { ... on Document { x: id } ... on Folder { x: __typename } } }
            {"errors":[{"message":"Field 'shareable' is missing required arguments: shareable_type","locations":[{"line":1,"column":3}],"path":["query","shareable"],"extensions":{"code":"missingRequiredArguments","className":"Field","name":"shareable","arguments":"shareable_type"}}]}
        mutation { a: createClient(input: {first_name: \"a\", last_name: null}) { messages { field } } a: createClient(input: {last_name: null, first_name: \"a\"}) { messages { field } } }
            {"errors":[{"message":"Field 'a' has an argument conflict: {input:\"{first_name: \\\"a\\\", last_name: null}\"} or {input:\"{last_name: null, first_name: \\\"a\\\"}\"}?","locations":[{"line":1,"column":12},{"line":1,"column":94}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"a","conflicts":"{input:\"{first_name: \\\"a\\\", last_name: null}\"} or {input:\"{last_name: null, first_name: \\\"a\\\"}\"}"}}]}
        { currentUser { nope: id nope: email also } }
            {"errors":[{"message":"Field 'nope' has a field conflict: id or email?","locations":[{"line":1,"column":17},{"line":1,"column":26}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"nope","conflicts":"id or email"}},{"message":"Field 'also' doesn't exist on type 'User'","locations":[{"line":1,"column":38}],"path":["query","currentUser","also"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"also"}}]}
        "##);
}

#[test]
fn several_at_once_come_in_the_order_of_the_walk_and_then_in_that_of_the_rules() {
    assert_snapshot!(told(&[
        "query Q($unused: Nope, $d: Boolean = 1) { user(id: 1, x: 2) @nope { nope a: id a: email ...Missing } } fragment F on User { nah @skip } query Q { __typename }",
        "query A($x: ID) { ...F } fragment F on Query { user(id: $y) { id } ...F ...Gone } fragment G on Document { id }",
    ]), @r##"
        query Q($unused: Nope, $d: Boolean = 1) { user(id: 1, x: 2) @nope { nope a: id a: email ...Missing } } fragment F on User { nah @skip } query Q { __typename }
            {"errors":[{"message":"Nope isn't a defined input type (on $unused)","locations":[{"line":1,"column":9}],"path":["query Q"],"extensions":{"code":"variableRequiresValidType","typeName":"Nope","variableName":"unused"}},{"message":"Could not coerce value 1 to Boolean","locations":[{"line":1,"column":24}],"path":["query Q"],"extensions":{"code":"defaultValueInvalidType","variableName":"d","typeName":"Boolean"}},{"message":"Field 'a' has a field conflict: id or email?","locations":[{"line":1,"column":74},{"line":1,"column":80}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"a","conflicts":"id or email"}},{"message":"Field 'user' doesn't accept argument 'x'","locations":[{"line":1,"column":55}],"path":["query Q","user","x"],"extensions":{"code":"argumentNotAccepted","name":"user","typeName":"Field","argumentName":"x"}},{"message":"Directive @nope is not defined","locations":[{"line":1,"column":61}],"path":["query Q","user"],"extensions":{"code":"undefinedDirective","directiveName":"nope"}},{"message":"Field 'nope' doesn't exist on type 'User'","locations":[{"line":1,"column":69}],"path":["query Q","user","nope"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"nope"}},{"message":"Field 'nah' doesn't exist on type 'User'","locations":[{"line":1,"column":125}],"path":["fragment F","nah"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"nah"}},{"message":"Variable $unused is declared by Q but not used","locations":[{"line":1,"column":1}],"path":["query Q"],"extensions":{"code":"variableNotUsed","variableName":"unused"}},{"message":"Variable $d is declared by Q but not used","locations":[{"line":1,"column":1}],"path":["query Q"],"extensions":{"code":"variableNotUsed","variableName":"d"}},{"message":"Fragment Missing was used, but not defined","locations":[{"line":1,"column":89}],"path":["query Q","user","... Missing"],"extensions":{"code":"useAndDefineFragment","fragmentName":"Missing"}},{"message":"Fragment F was defined, but not used","locations":[{"line":1,"column":104}],"path":["fragment F"],"extensions":{"code":"useAndDefineFragment","fragmentName":"F"}},{"message":"Operation name \"Q\" must be unique","locations":[{"line":1,"column":1},{"line":1,"column":137}],"path":[],"extensions":{"code":"uniquelyNamedOperations","operationName":"Q"}}]}
        query A($x: ID) { ...F } fragment F on Query { user(id: $y) { id } ...F ...Gone } fragment G on Document { id }
            {"errors":[{"message":"Variable $x is declared by A but not used","locations":[{"line":1,"column":1}],"path":["query A"],"extensions":{"code":"variableNotUsed","variableName":"x"}},{"message":"Variable $y is used by F but not declared","locations":[{"line":1,"column":57}],"path":["fragment F","user","id"],"extensions":{"code":"variableNotDefined","variableName":"y"}},{"message":"Fragment Gone was used, but not defined","locations":[{"line":1,"column":73}],"path":["fragment F","... Gone"],"extensions":{"code":"useAndDefineFragment","fragmentName":"Gone"}},{"message":"Fragment G was defined, but not used","locations":[{"line":1,"column":83}],"path":["fragment G"],"extensions":{"code":"useAndDefineFragment","fragmentName":"G"}},{"message":"Fragment F contains an infinite loop","locations":[{"line":1,"column":26}],"path":["fragment F"],"extensions":{"code":"infiniteLoop","fragmentName":"F"}}]}
        "##);
}

#[test]
fn one_version_may_know_what_the_other_does_not() {
    assert_snapshot!(told_by(Version::V2026_01_01, &["{ users(offset: 1, page_size: 2) { id } usersCount }"]), @r##"
        { users(offset: 1, page_size: 2) { id } usersCount }
            {"errors":[{"message":"Field 'users' doesn't accept argument 'offset'","locations":[{"line":1,"column":9}],"path":["query","users","offset"],"extensions":{"code":"argumentNotAccepted","name":"users","typeName":"Field","argumentName":"offset"}},{"message":"Field 'users' doesn't accept argument 'page_size'","locations":[{"line":1,"column":20}],"path":["query","users","page_size"],"extensions":{"code":"argumentNotAccepted","name":"users","typeName":"Field","argumentName":"page_size"}},{"message":"Field 'id' doesn't exist on type 'UserConnection'","locations":[{"line":1,"column":36}],"path":["query","users","id"],"extensions":{"code":"undefinedField","typeName":"UserConnection","fieldName":"id"}},{"message":"Field 'usersCount' doesn't exist on type 'Query'","locations":[{"line":1,"column":41}],"path":["query","usersCount"],"extensions":{"code":"undefinedField","typeName":"Query","fieldName":"usersCount"}}]}
        "##);
    assert_snapshot!(told_by(Version::V2024_06_01, &["{ users { nodes { id } } }", "mutation { createSharings }"]), @r##"
        { users { nodes { id } } }
            {"errors":[{"message":"Field 'nodes' doesn't exist on type 'User'","locations":[{"line":1,"column":11}],"path":["query","users","nodes"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"nodes"}}]}
        mutation { createSharings }
            {"errors":[{"message":"You do not have permission to create this sharings.","locations":[{"line":1,"column":12}],"path":["createSharings"]}],"data":{"createSharings":null}}
        "##);
}
