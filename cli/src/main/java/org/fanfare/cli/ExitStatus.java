package org.fanfare.cli;

/// What the command tells the shell. From 64 on the numbers are those of `sysexits.h`.
final class ExitStatus {

    static final int DONE = 0;
    static final int FAILED_FOR_ALL = 1;
    static final int FAILED_FOR_SOME = 2;
    static final int USAGE = 64;
    static final int NO_ANSWER = 69;
    static final int FAULT = 70;
    static final int CONFIGURATION = 78;

    private ExitStatus() {}
}
