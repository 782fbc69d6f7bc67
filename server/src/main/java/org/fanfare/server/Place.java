package org.fanfare.server;

/// Where a setting was written: a file and a line, an option of the command line, or nowhere.
record Place(String source, int line) {

    static final Place DEFAULT = new Place("", 0);

    /// Whether it was given on the command line.
    boolean isOption() {
        return line == 0 && !source.isEmpty();
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
