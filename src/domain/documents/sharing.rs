//! Whose documents and folders are, and who else sees them.

use crate::domain::people;
use crate::engine::{Answer, Call, Draft, Input, Reading, Refusal, Row, View};
use crate::schema::Named;
use crate::schema::names::{Document, DocumentSharing, Folder, FolderSharing, OrganizationMembership, User, UserGroup};

/// How deep folders lie in folders at most, for whoever walks up.
pub const DEEPEST: usize = 64;

pub struct Sharing {
    pub owner: Option<u64>,
    /// The patient whom it is about.
    pub rel_user: Option<u64>,
    pub with_rel: bool,
    pub users: Vec<u64>,
    pub groups: Vec<u64>,
    /// With all members of the organization.
    pub with_members: bool,
    pub folder: Option<u64>,
    pub organization: u64,
}

/// A document or a folder.
pub trait Shareable: Named + 'static + Sized {
    fn sharing(item: &Row<Self>) -> Sharing;
    fn share(item: Draft<Self>, users: Vec<u64>, groups: Vec<u64>) -> Draft<Self>;
    fn share_with_members(item: Draft<Self>) -> Draft<Self>;
    /// What follows from a change of who sees it.
    fn shared<I: Named>(_call: &mut Call<'_, I>, _before: Option<&Row<Self>>, _after: &Row<Self>) {}
}

impl Shareable for Document {
    fn sharing(item: &Row<Self>) -> Sharing {
        Sharing {
            owner: item.get(Document::owner_id),
            rel_user: item.get(Document::rel_user_id),
            with_rel: item.is(Document::share_with_rel),
            users: item.get(Document::shared_user_ids).unwrap_or_default(),
            groups: item.get(Document::shared_user_group_ids).unwrap_or_default(),
            with_members: item.is(Document::shared_with_dietitians),
            folder: item.get(Document::folder_id),
            organization: item.organization(),
        }
    }
    fn share(item: Draft<Self>, users: Vec<u64>, groups: Vec<u64>) -> Draft<Self> {
        item.set(Document::shared_user_ids, users).set(Document::shared_user_group_ids, groups)
    }
    fn share_with_members(item: Draft<Self>) -> Draft<Self> {
        item.set(Document::shared_with_dietitians, true)
    }

    /// Documented: `document_sharing.created` and `.deleted`; assumed to be for each person, as with folders.
    fn shared<I: Named>(call: &mut Call<'_, I>, before: Option<&Row<Self>>, after: &Row<Self>) {
        let (come, now) = come_and_now(call.on(), before, after);
        for sharing in call.having(DocumentSharing::document_id, after.id()) {
            if !sharing.get(DocumentSharing::user_id).is_some_and(|user| now.contains(&user)) {
                call.delete(&sharing);
            }
        }
        for user in come {
            let sharing = call.blank_draft::<DocumentSharing>().belongs_to(after.organization());
            sharing.set(DocumentSharing::document_id, after.id()).set(DocumentSharing::user_id, user).save(call);
        }
    }
}

impl Shareable for Folder {
    fn sharing(item: &Row<Self>) -> Sharing {
        Sharing {
            owner: item.get(Folder::owner_id),
            rel_user: item.get(Folder::rel_user_id),
            with_rel: item.is(Folder::share_with_rel),
            users: item.get(Folder::shared_user_ids).unwrap_or_default(),
            groups: item.get(Folder::shared_user_group_ids).unwrap_or_default(),
            with_members: item.is(Folder::shared_with_dietitians),
            folder: item.get(Folder::folder_id),
            organization: item.organization(),
        }
    }
    fn share(item: Draft<Self>, users: Vec<u64>, groups: Vec<u64>) -> Draft<Self> {
        item.set(Folder::shared_user_ids, users).set(Folder::shared_user_group_ids, groups)
    }
    fn share_with_members(item: Draft<Self>) -> Draft<Self> {
        item.set(Folder::shared_with_dietitians, true)
    }

    /// Documented: `folder_sharing.created` and `.deleted` for each person who comes and goes.
    fn shared<I: Named>(call: &mut Call<'_, I>, before: Option<&Row<Self>>, after: &Row<Self>) {
        let (come, now) = come_and_now(call.on(), before, after);
        for sharing in call.having(FolderSharing::folder_id, after.id()) {
            if !sharing.get(FolderSharing::user_id).is_some_and(|user| now.contains(&user)) {
                call.delete(&sharing);
            }
        }
        for user in come {
            let sharing = call.blank_draft::<FolderSharing>().belongs_to(after.organization());
            sharing.set(FolderSharing::folder_id, after.id()).set(FolderSharing::user_id, user).save(call);
        }
    }
}

/// The people with whom it is shared now and was not before, and all with whom it is.
fn come_and_now<T: Shareable>(on: Reading<'_>, before: Option<&Row<T>>, after: &Row<T>) -> (Vec<u64>, Vec<u64>) {
    let known = before.map(|before| T::sharing(before).people(on)).unwrap_or_default();
    let now = T::sharing(after).people(on);
    (now.iter().copied().filter(|user| !known.contains(user)).collect(), now)
}

impl Sharing {
    /// With whom it is shared, one by one or through a group; not the patient whom it is about.
    pub fn people(&self, on: Reading<'_>) -> Vec<u64> {
        let mut people = self.users.clone();
        for group in &self.groups {
            people.extend(on.having(User::user_group_id, *group).map(|user| user.id()).filter(|user| !self.users.contains(user)));
        }
        people
    }

    /// True where somebody has been let in who is no member.
    pub fn is_shared(&self) -> bool {
        self.rel_user.is_some() && self.with_rel || !self.users.is_empty() || !self.groups.is_empty()
    }

    /// Documented: what is their own, shared with them or with their group, and what is about them where it says so.
    /// Assumed: what lies in a folder that they see.
    pub fn reaches(&self, on: Reading<'_>, user: u64) -> bool {
        self.reaches_within(on, user, DEEPEST)
    }

    fn reaches_within(&self, on: Reading<'_>, user: u64, depth: usize) -> bool {
        let own = self.owner == Some(user) || self.rel_user == Some(user) && self.with_rel || self.users.contains(&user);
        let group = || on.find_any::<User>(user).and_then(|user| user.get(User::user_group_id));
        own || !self.groups.is_empty() && group().is_some_and(|group| self.groups.contains(&group))
            || depth > 0
                && self.rel_user.is_none_or(|about| about == user)
                && self.folder.and_then(|folder| on.find_any::<Folder>(folder)).is_some_and(|folder| {
                    let folder = Folder::sharing(&folder);
                    folder.is_shared() && folder.reaches_within(on, user, depth - 1)
                })
    }
}

/// Documented: owner, administrators and those with `can_see_docs` see all of the organization's; others their own, what
/// is shared with them or with all members, and what is about their patients. Patients see what reaches them.
pub fn is_visible<T: Shareable>(item: &View<'_, T>) -> bool {
    let (on, viewer) = (item.on, item.on.viewer());
    let Some(id) = viewer.id() else { return false };
    let sharing = T::sharing(item);
    if sharing.reaches(on, id) {
        return true;
    }
    let sees_all = || viewer.is_admin() || viewer.may(OrganizationMembership::can_see_docs);
    let about_own = || sharing.rel_user.is_some_and(|patient| on.find::<User>(patient).is_some());
    viewer.reaches(sharing.organization) && (sharing.with_members || sees_all() || about_own())
}

/// Documented: the owner, administrators, and members with `can_edit_docs`.
pub fn may_edit<T: Shareable>(on: Reading<'_>, item: &Row<T>) -> bool {
    let sharing = T::sharing(item);
    let viewer = on.viewer();
    let own = sharing.owner.is_some_and(|owner| viewer.is(owner));
    own || viewer.reaches(sharing.organization) && viewer.may(OrganizationMembership::can_edit_docs)
}

pub fn refuse_others<T: Shareable, I: Named>(call: &Call<'_, I>, item: &Row<T>, to: &str) -> Result<(), Refusal> {
    if may_edit(call.on(), item) { Ok(()) } else { Err(Refusal::no_permission(to)) }
}

/// Everybody who sees it, but for members who see it by their permissions.
fn audience<'s, T: Shareable>(item: &View<'s, T>) -> Vec<View<'s, User>> {
    let sharing = T::sharing(item);
    let mut people = sharing.people(item.on);
    if let Some(about) = sharing.rel_user.filter(|about| sharing.with_rel && !people.contains(about)) {
        people.insert(0, about);
    }
    people.into_iter().filter_map(|id| item.on.find_any::<User>(id)).collect()
}

pub fn users<T: Shareable>(item: &View<'_, T>) -> Answer {
    Answer::List(audience(item).into_iter().map(Into::into).collect())
}

pub fn users_count<T: Shareable>(item: &View<'_, T>) -> Option<i64> {
    Some(audience(item).len() as i64)
}

pub fn groups<T: Shareable>(item: &View<'_, T>) -> Answer {
    let groups = T::sharing(item).groups.into_iter().filter_map(|id| item.on.find_any::<UserGroup>(id));
    Answer::List(groups.map(Into::into).collect())
}

pub fn shared_users_count<T: Shareable>(item: &View<'_, T>) -> Option<i64> {
    Some(T::sharing(item).users.len() as i64)
}

pub fn shared_groups_count<T: Shareable>(item: &View<'_, T>) -> Option<i64> {
    Some(T::sharing(item).groups.len() as i64)
}

pub fn is_shared<T: Shareable>(item: &View<'_, T>) -> Option<bool> {
    Some(T::sharing(item).is_shared())
}

pub fn can_only_share<T: Shareable>(item: &View<'_, T>) -> Option<bool> {
    Some(!may_edit(item.on, item))
}

/// Documented: of the people whom the viewer may share with, those that have it or those that don't, where `shared` asks.
pub fn shareable<T: Shareable>(item: &View<'_, T>, members: bool, shared: Option<bool>) -> Answer {
    let people = candidates(item, members).filter(|user| shared.is_none_or(|shared| has(item, user) == shared));
    Answer::List(people.map(Into::into).collect())
}

pub fn shareable_groups<T: Shareable>(item: &View<'_, T>, shared: Option<bool>) -> Answer {
    let known = T::sharing(item).groups;
    let groups = item.on.of_organization::<UserGroup>(item.organization());
    let seen = groups.filter(|group| item.on.may_see(UserGroup::TYPE, group.record()));
    let asked = seen.filter(|group| shared.is_none_or(|shared| known.contains(&group.id()) == shared));
    Answer::List(asked.map(Into::into).collect())
}

pub fn unshared_patients_count<T: Shareable>(item: &View<'_, T>) -> Option<i64> {
    Some(candidates(item, false).filter(|user| !has(item, user)).count() as i64)
}

fn candidates<'s, T: Shareable>(item: &View<'s, T>, members: bool) -> impl Iterator<Item = View<'s, User>> + use<'s, T> {
    let on = item.on;
    let people = on.of_organization::<User>(item.organization()).filter(move |user| people::is_member(user) == members);
    people.filter(move |user| user.get(User::active) != Some(false) && on.may_see(User::TYPE, user.record()))
}

fn has<T: Shareable>(item: &View<'_, T>, user: &View<'_, User>) -> bool {
    T::sharing(item).reaches(item.on, user.id())
}

/// What the lists of both are asked for.
pub struct Asked<'a> {
    pub consolidated: Option<u64>,
    pub private: Option<u64>,
    pub viewable: Option<u64>,
    pub provider: Option<u64>,
    pub folder: Option<u64>,
    pub filter: &'a str,
    pub searches: bool,
    pub for_templates: bool,
}

impl<'a> Asked<'a> {
    /// From the arguments of `documents`, which those of `folders` are named like.
    pub fn of(args: &Input<'a, crate::schema::names::args::documents>) -> Self {
        use crate::schema::names::args::documents as Args;
        Self {
            consolidated: args.get(Args::consolidated_user_id).ok().flatten(),
            private: args.get(Args::private_user_id).ok().flatten(),
            viewable: args.get(Args::viewable_user_id).ok().flatten(),
            provider: args.get(Args::provider_id).ok().flatten(),
            folder: args.get(Args::folder_id).ok().flatten(),
            filter: args.get(Args::filter).ok().flatten().unwrap_or_default(),
            searches: args.get(Args::keywords).ok().flatten().is_some_and(|words| !words.trim().is_empty()),
            for_templates: args.is(Args::for_template_use),
        }
    }

    /// True for what such a call lists.
    pub fn lists<T: Shareable>(&self, item: &View<'_, T>) -> bool {
        let sharing = T::sharing(item);
        let kept = match self.filter.to_lowercase().as_str() {
            "shared" => sharing.is_shared(),
            "private" => !sharing.is_shared(),
            _ => true,
        };
        kept && self.holds(item, &sharing) && self.is_in_folder(item.on, &sharing) && (!self.for_templates || sharing.rel_user.is_none())
    }

    fn holds<T: Shareable>(&self, item: &View<'_, T>, sharing: &Sharing) -> bool {
        match (self.consolidated, self.private, self.viewable) {
            (Some(patient), _, _) => sharing.rel_user == Some(patient) || sharing.reaches(item.on, patient),
            (None, Some(patient), _) => sharing.rel_user == Some(patient),
            (None, None, Some(user)) => sharing.reaches(item.on, user),
            (None, None, None) => self.is_in_library(item, sharing),
        }
    }

    /// Assumed: the library of a member is what is about no patient; with `provider_id`, what is that provider's or shared
    /// with them. A patient's is all that the patient sees.
    fn is_in_library<T: Shareable>(&self, item: &View<'_, T>, sharing: &Sharing) -> bool {
        let owned = self.provider.is_none_or(|provider| sharing.with_members || sharing.reaches(item.on, provider));
        item.on.viewer().is_patient() || owned && sharing.rel_user.is_none()
    }

    /// Assumed: a library is shown folder by folder, from its top. Observed: what there is of a person is listed whole, as
    /// is what a search finds.
    fn is_in_folder(&self, on: Reading<'_>, sharing: &Sharing) -> bool {
        let whole = self.searches || self.consolidated.or(self.private).or(self.viewable).is_some() || on.viewer().is_patient();
        match self.folder {
            Some(folder) => sharing.folder == Some(folder),
            None => whole || sharing.folder.is_none_or(|folder| on.find::<Folder>(folder).is_none()),
        }
    }
}

/// The letters from the end of the alphabet first, for an order that has no `_DESC`.
pub fn backwards(text: &str) -> String {
    text.to_lowercase().chars().filter_map(|c| char::from_u32(0x10_FFFF - (c as u32).min(0xFFFF))).collect()
}
