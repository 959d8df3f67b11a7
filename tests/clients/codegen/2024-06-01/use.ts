// An application's use of what was generated; only its types are looked at.
import type {
  BookMutationVariables,
  CalendarQuery,
  ChartsQuery,
  CreateClientMutation,
  PatientsQuery,
  PatientsQueryVariables,
  SaidSubscription,
} from "./generated.js";

export const page: PatientsQueryVariables = { keywords: "lang", offset: 10, page_size: 10, order_by: "LAST_NAME_ASC" };
// @ts-expect-error: no such order
export const sideways: PatientsQueryVariables = { order_by: "SIDEWAYS" };

export const visit: BookMutationVariables = {
  input: { user_id: "1", appointment_type_id: "2", contact_type: "Phone Call", datetime: "2031-03-03 10:00:00", is_blocker: false },
};
// @ts-expect-error: a time is text in this version
export const untimely: BookMutationVariables = { input: { datetime: 5 } };
// @ts-expect-error: no such input field
export const unknown: BookMutationVariables = { input: { minutes: "5" } };

export function addresses({ users }: PatientsQuery): string[] {
  return (users ?? []).flatMap(({ email, policies }) => (email && policies?.length ? [email] : []));
}

// @ts-expect-error: whoever has no provider has null
export const provider = ({ appointments }: CalendarQuery): string => appointments![0]!.provider.id;

export function refusal({ createClient }: CreateClientMutation): string {
  return (createClient?.messages ?? []).map((said) => `${said?.field}: ${said?.message}`).join("; ");
}

export function texts({ formAnswerGroups }: ChartsQuery): (string | null)[] {
  const answers = (formAnswerGroups ?? []).flatMap(({ form_answers }) => form_answers);
  return answers.flatMap(({ structured_answer: answer }) => (answer?.__typename === "PlainTextAnswer" ? [answer.value ?? null] : []));
}

export const said = ({ noteAddedSubscription: note }: SaidSubscription): string => note?.content ?? "";
