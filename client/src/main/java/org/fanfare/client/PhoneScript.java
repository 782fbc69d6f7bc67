package org.fanfare.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// How simulated phones behave.
///
/// @param answers the final answers, drawn by weight
/// @param delay before the answer
/// @param silentPercent of the messages are not answered at all
/// @param delivery whether "delivered" is reported when asked for
/// @param display whether "displayed" is reported when asked for
/// @param displayDelay after the answer, before "displayed"
/// @param large with large messages, when their INVITE was answered 200
public record PhoneScript(
        List<WeightedAnswer> answers,
        Duration delay,
        int silentPercent,
        boolean delivery,
        boolean display,
        Duration displayDelay,
        LargeScript large) {

    /// Takes every message at once and reports what it is asked to report.
    public static final PhoneScript FRIENDLY =
            new PhoneScript(
                    List.of(new WeightedAnswer(200, 1)),
                    Duration.ZERO,
                    0,
                    true,
                    true,
                    Duration.ZERO,
                    LargeScript.FRIENDLY);

    /// A status, and how often it is given in relation to the others.
    public record WeightedAnswer(int status, int weight) {
        public WeightedAnswer {
            if (status < 200 || status > 699) {
                throw new IllegalArgumentException(
                        "answer: expected a final status from 200 to 699, got " + status);
            }
            if (weight < 1) {
                throw new IllegalArgumentException(
                        "answer: expected a weight of 1 or more, got " + weight);
            }
        }
    }

    public PhoneScript {
        answers = List.copyOf(answers);
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("answers: expected at least one");
        }
        if (silentPercent < 0 || silentPercent > 100) {
            throw new IllegalArgumentException(
                    "silent: expected 0 to 100 percent, got " + silentPercent);
        }
        if (delay.isNegative() || displayDelay.isNegative()) {
            throw new IllegalArgumentException("delay: expected zero or more");
        }
    }

    /// Reads `CODE[:weight],...`, such as `200:95,486:3,404:2`.
    public static List<WeightedAnswer> parseAnswers(String text) {
        var answers = new ArrayList<WeightedAnswer>();
        for (var item : text.split(",", -1)) {
            var parts = item.strip().split(":", -1);
            if (parts.length > 2) {
                throw new IllegalArgumentException("answer: expected CODE[:weight], got " + item);
            }
            answers.add(
                    new WeightedAnswer(number(parts[0]), parts.length == 2 ? number(parts[1]) : 1));
        }
        return List.copyOf(answers);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "answer: expected CODE[:weight], got \"" + text + '"', e);
        }
    }

    public PhoneScript withAnswers(List<WeightedAnswer> wanted) {
        return new PhoneScript(
                wanted, delay, silentPercent, delivery, display, displayDelay, large);
    }

    public PhoneScript withAnswer(int status) {
        return withAnswers(List.of(new WeightedAnswer(status, 1)));
    }

    public PhoneScript withDelay(Duration wanted) {
        return new PhoneScript(
                answers, wanted, silentPercent, delivery, display, displayDelay, large);
    }

    public PhoneScript withSilentPercent(int percent) {
        return new PhoneScript(answers, delay, percent, delivery, display, displayDelay, large);
    }

    public PhoneScript withReports(boolean ofDelivery, boolean ofDisplay) {
        return new PhoneScript(
                answers, delay, silentPercent, ofDelivery, ofDisplay, displayDelay, large);
    }

    public PhoneScript withDisplayDelay(Duration wanted) {
        return new PhoneScript(answers, delay, silentPercent, delivery, display, wanted, large);
    }

    public PhoneScript withLarge(LargeScript wanted) {
        return new PhoneScript(
                answers, delay, silentPercent, delivery, display, displayDelay, wanted);
    }

    boolean isSilent(RandomGenerator random) {
        return silentPercent > 0 && random.nextInt(100) < silentPercent;
    }

    int answer(RandomGenerator random) {
        if (answers.size() == 1) {
            return answers.getFirst().status();
        }
        int drawn = random.nextInt(answers.stream().mapToInt(WeightedAnswer::weight).sum());
        for (var answer : answers) {
            drawn -= answer.weight();
            if (drawn < 0) {
                return answer.status();
            }
        }
        throw new AssertionError("the weights do not add up");
    }
}
