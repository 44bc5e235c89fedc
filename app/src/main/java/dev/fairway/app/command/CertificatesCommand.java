package dev.fairway.app.command;

import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.api.security.User;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.schema.Json;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.SortedMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `fairway certificates`: what the cluster's authority has certified and until when, and the change to a new
/// authority.
final class CertificatesCommand {

    private static final int NO_AUTHORITY = -1;

    private CertificatesCommand() {}

    static Commands.Command command() {
        CommandSpec spec =
                Options.command("certificates", "The cluster's certificates, and until when they are valid.");
        spec.addOption(Options.flag(
                "--rotate", "Begin to replace the authority: the next one is trusted now and signs in a day."));
        spec.addOption(Options.state());
        spec.addOption(Options.output());
        return new Commands.Command(spec, CertificatesCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) {
        boolean asJson = Options.json(options);
        StateFolder state = Options.stateFolder(options);
        if (!state.exists()) {
            throw new CommandException(ExitCode.FAILED, "there is no cluster in " + state.root() + "; see --state");
        }
        state.open();
        try {
            CertificateAuthority authority = CertificateAuthority.open(state.keys(), InstantSource.system());
            if (Options.given(options, "--rotate")) {
                terminal.note("the next authority signs from " + authority.announceNext()
                        + " on; the former one stays trusted until the last certificate that it signed has expired");
            }
            print(authority.certificates(), asJson, terminal);
            return ExitCode.OK.number();
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "certificates in " + state.keys() + ": " + e.getMessage());
        }
    }

    private static void print(SortedMap<String, X509Certificate> certificates, boolean asJson, Terminal terminal) {
        if (asJson) {
            terminal.out().println(Json.toPrettyText(json(certificates)));
            return;
        }
        String row = "%-12s %-48s %s%n";
        terminal.out().printf(row, "NAME", "FOR", "VALID UNTIL");
        certificates.forEach((name, certificate) -> terminal.out()
                .printf(
                        row,
                        name,
                        isAuthority(certificate) ? "the authority" : holder(certificate),
                        certificate.getNotAfter().toInstant()));
    }

    private static String holder(X509Certificate certificate) {
        User user = User.of(certificate);
        String groups = String.join(
                ", ",
                user.groups().stream()
                        .filter(group -> !group.equals(User.AUTHENTICATED))
                        .toList());
        return groups.isEmpty() ? user.name() : user.name() + " (" + groups + ")";
    }

    private static boolean isAuthority(X509Certificate certificate) {
        return certificate.getBasicConstraints() != NO_AUTHORITY;
    }

    private static ObjectNode json(SortedMap<String, X509Certificate> certificates) {
        ObjectNode out = Json.object();
        ArrayNode items = out.putArray("certificates");
        certificates.forEach((name, certificate) -> items.addObject()
                .put("name", name)
                .put("subject", certificate.getSubjectX500Principal().getName())
                .put("issuer", certificate.getIssuerX500Principal().getName())
                .put("serial", certificate.getSerialNumber().toString(16))
                .put("authority", isAuthority(certificate))
                .put("notBefore", certificate.getNotBefore().toInstant().toString())
                .put("notAfter", certificate.getNotAfter().toInstant().toString()));
        return out;
    }
}
