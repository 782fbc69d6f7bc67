package org.fanfare.client;

/// The user's name and password at one realm. Challenges of another realm are not answered (I12).
public record Account(String realm, String user, String password) {

    @Override
    public String toString() {
        return user + " at " + realm;
    }
}
