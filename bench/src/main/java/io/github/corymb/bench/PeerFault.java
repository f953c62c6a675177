package io.github.corymb.bench;

import java.io.IOException;

/// A peer that did not start, died, or answered with what is no rate. The message is one line that names the script;
/// whoever measures goes on without that peer.
final class PeerFault extends IOException {

    private static final long serialVersionUID = 1L;

    PeerFault(String message) {
        super(message);
    }
}
