package org.fanfare.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.JsonNode;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;

/// What became of a message, recipient by recipient, as the running server tells it.
@Command(
        name = "status",
        description = {
            "Show every recipient's outcome, from the running server.",
            "Without an ID: the newest messages, and whether the server is well."
        })
final class StatusCommand implements Callable<Integer> {

    private static final int PAGE = 1000;

    @Spec private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "ID",
            description = "Contribution-ID of a message, as `fanfare send` printed it.")
    private Optional<String> id = Optional.empty();

    @Mixin private AdminOptions admin = new AdminOptions();

    @Option(
            names = "--outcome",
            paramLabel = "OUTCOME",
            description =
                    "Only recipients with this outcome: pending, delivered, interworked,"
                            + " failed, expired.")
    private Optional<String> outcome = Optional.empty();

    @Option(
            names = "--json",
            description =
                    "One JSON object a line: the message (or each of the newest), and with"
                            + " --outcome its recipients.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailure {
        var server = admin.client();
        var out = spec.commandLine().getOut();
        if (id.isEmpty()) {
            showRecent(server, out);
        } else {
            showMessage(server, id.get(), out);
        }
        out.flush();
        return ExitStatus.DONE;
    }

    private void showRecent(AdminClient server, PrintWriter out) throws CommandFailure {
        var messages = server.get("/v1/messages").get("messages");
        if (json) {
            messages.forEach(message -> out.println(message));
            return;
        }
        var health = server.get("/health");
        out.println("server " + admin.address() + ": " + health.path("status").asString("?"));
        messages.forEach(message ->
                out.printf(
                        "%s  %s  %s%n",
                        message.get("contributionId").asString(),
                        message.get("originator").asString(),
                        counts(message)));
    }

    private void showMessage(AdminClient server, String contributionId, PrintWriter out)
            throws CommandFailure {
        var message = server.get("/v1/messages/" + AdminClient.encode(contributionId));
        if (json) {
            out.println(message);
        } else {
            out.printf(
                    "%s from %s: %s%n",
                    contributionId, message.get("originator").asString(), counts(message));
        }
        if (!json || outcome.isPresent()) {
            showRecipients(server, contributionId, out);
        }
    }

    private void showRecipients(AdminClient server, String contributionId, PrintWriter out)
            throws CommandFailure {
        var path =
                "/v1/messages/" + AdminClient.encode(contributionId) + "/recipients?limit=" + PAGE;
        var filter = outcome.map(only -> "&outcome=" + AdminClient.encode(only)).orElse("");
        for (var after = Optional.of(-1); after.isPresent(); ) {
            var page = server.get(path + filter + "&after=" + after.get());
            page.get("recipients").forEach(row -> out.println(json ? row.toString() : line(row)));
            after =
                    page.get("next").isNull()
                            ? Optional.empty()
                            : Optional.of(page.get("next").asInt());
        }
    }

    private static String counts(JsonNode message) {
        var text =
                new StringBuilder().append(message.get("recipients").asInt()).append(" recipients");
        for (var outcome : message.get("outcomes").properties()) {
            if (outcome.getValue().asInt() > 0) {
                text.append(", ")
                        .append(outcome.getValue().asInt())
                        .append(' ')
                        .append(outcome.getKey());
            }
        }
        return text.toString();
    }

    private static String line(JsonNode row) {
        var status = row.get("sipStatus").isNull() ? "   " : row.get("sipStatus").asString();
        var reason = row.get("reason").isNull() ? "" : row.get("reason").asString();
        return "  %-11s %s  %s  %s"
                .formatted(
                        row.get("outcome").asString(),
                        status,
                        row.get("uri").asString(),
                        (reason + " " + reported(row)).strip())
                .stripTrailing();
    }

    /// What the recipient has reported himself, in brackets.
    private static String reported(JsonNode row) {
        var states = new StringJoiner(", ", "[", "]").setEmptyValue("");
        row.get("imdn").forEach(imdn -> states.add(imdn.get("state").asString()));
        return states.toString();
    }
}
