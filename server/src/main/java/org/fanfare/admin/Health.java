package org.fanfare.admin;

import java.util.List;

/// What is wrong just now; nothing when all is well.
public record Health(List<Problem> problems) {

    public Health {
        problems = List.copyOf(problems);
    }

    /// One thing that is wrong.
    ///
    /// @param part what does not work, `ledger` for instance
    /// @param reason in words for the operator
    public record Problem(String part, String reason) {}

    public boolean isGood() {
        return problems.isEmpty();
    }

    HttpResponse toResponse() {
        var body =
                Json.object(json ->
                        json.text("status", isGood() ? "ok" : "failing")
                                .list(
                                        "problems",
                                        problems,
                                        (item, problem) ->
                                                item.text("part", problem.part())
                                                        .text("reason", problem.reason())));
        return HttpResponse.json(isGood() ? 200 : 503, body);
    }
}
