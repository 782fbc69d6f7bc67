package org.fanfare.pf;

/// What a user has written into the XML document management server (8.4.1). Nothing is there yet.
public interface UserPreferences {

    /// Whether there is a rule for CPM that allows offline storage (8.2.1.1/6).
    boolean recordsHistory(String user);
}
