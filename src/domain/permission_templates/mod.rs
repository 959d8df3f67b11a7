//! Named sets of permissions for members.

use crate::engine::Area;
use crate::schema::names::{Mutation, PermissionTemplateType, Query};

pub fn area() -> Area {
    Area::new("permission_templates")
        .gets(Query::permissionTemplate, PermissionTemplateType)
        .lists_all(Query::permissionTemplates, PermissionTemplateType)
        .counts(Query::permissionTemplatesCount, Query::permissionTemplates)
        .creates(Mutation::createPermissionTemplate, PermissionTemplateType)
        .deletes(Mutation::deletePermissionTemplate, PermissionTemplateType)
        .updates(Mutation::updatePermissionTemplate, PermissionTemplateType)
}
