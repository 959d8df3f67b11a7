// An application's use of what was generated; only its types are looked at.
import type {
  BookMutationVariables,
  CalendarQuery,
  ChartsQuery,
  CreateClientMutation,
  FreeSlotsQueryVariables,
  PatientsQuery,
  PatientsQueryVariables,
} from "./generated.js";

export const page: PatientsQueryVariables = { keywords: "lang", first: 10, after: "MTA", order_by: "LAST_NAME_ASC" };
// @ts-expect-error: lists have no offset any more
export const offset: PatientsQueryVariables = { offset: 10 };

export const visit: BookMutationVariables = { input: { user_id: "1", appointment_type_id: "2", contact_type: "Phone Call" } };
// @ts-expect-error: no such input field
export const unknown: BookMutationVariables = { input: { minutes: "5" } };
// @ts-expect-error: slots are a provider's
export const anybody: FreeSlotsQueryVariables = { start: "2031-03-03T10:00:00Z" };

export function addresses({ users }: PatientsQuery): string[] {
  return (users.nodes ?? []).flatMap((person) => (person?.email ? [person.email] : []));
}

export const next = ({ users }: PatientsQuery): string | null =>
  users.page_info.has_next_page ? (users.page_info.end_cursor ?? null) : null;

// @ts-expect-error: whoever has no provider has null
export const provider = ({ appointments }: CalendarQuery): string => appointments!.edges![0]!.node!.provider.id;

export function refusal({ createClient }: CreateClientMutation): string {
  return (createClient?.messages ?? []).map((said) => `${said?.field}: ${said?.message}`).join("; ");
}

export function texts({ formAnswerGroups }: ChartsQuery): (string | null)[] {
  const answers = (formAnswerGroups?.nodes ?? []).flatMap((chart) => chart?.form_answers ?? []);
  return answers.flatMap(({ structured_answer: answer }) => (answer?.__typename === "PlainTextAnswer" ? [answer.value ?? null] : []));
}
