package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// The table of RoleBindings and ClusterRoleBindings.
final class AccessPrinters {

    static final Printer BINDING = new TablePrinter(
            List.of(
                    TablePrinter.NAME,
                    Column.of("Role", "string", "The role that is given"),
                    TablePrinter.AGE,
                    Column.wide("Users", "string", "The users who get it"),
                    Column.wide("Groups", "string", "The groups that get it"),
                    Column.wide("ServiceAccounts", "string", "The service accounts that get it")),
            (object, now) -> List.of(
                    Meta.name(object),
                    Tree.text(object, "roleRef", "kind") + "/" + Tree.text(object, "roleRef", "name"),
                    TablePrinter.age(object, now),
                    subjects(object, "User"),
                    subjects(object, "Group"),
                    subjects(object, "ServiceAccount")));

    private AccessPrinters() {}

    private static String subjects(ObjectNode object, String kind) {
        return Tree.objects(object, "subjects").stream()
                .filter(subject -> Tree.text(subject, "kind").equals(kind))
                .map(AccessPrinters::subject)
                .collect(Collectors.joining(", "));
    }

    private static String subject(ObjectNode subject) {
        String name = Tree.text(subject, "name");
        return Tree.text(subject, "kind").equals("ServiceAccount")
                ? Tree.text(subject, "namespace") + "/" + name
                : name;
    }
}
