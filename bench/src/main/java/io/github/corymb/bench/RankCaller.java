package io.github.corymb.bench;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.List;

/// Asks for rankings over a connection of its own.
final class RankCaller implements LoadGenerator.Caller {

    private final HttpConnection connection;
    private final List<byte[]> requests;
    private final Check check;
    private int asked; // which of them, last

    /// Looks at an answer of status 200.
    @FunctionalInterface
    interface Check {
        boolean isRight(int request, HttpConnection answered) throws IOException;

        /// Whatever has a body.
        Check ANY = (_, answered) -> answered.bodySize() > 0;
    }

    /// @param requests that are asked in turns
    RankCaller(int port, List<byte[]> requests, Check check) throws IOException {
        connection = new HttpConnection(port);
        this.requests = requests;
        this.check = check;
    }

    @Override
    public SelectableChannel channel() {
        return connection.channel();
    }

    @Override
    public void send(long request) throws IOException {
        asked = (int) (request % requests.size());
        connection.send(requests.get(asked));
    }

    @Override
    public boolean receive() throws IOException {
        return connection.receive();
    }

    @Override
    public boolean isRight() throws IOException {
        return connection.status() == 200 && check.isRight(asked, connection);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
