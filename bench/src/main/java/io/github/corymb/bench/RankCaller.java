package io.github.corymb.bench;

import java.io.IOException;
import java.util.List;

/// Asks for rankings over a connection of its own.
final class RankCaller implements LoadGenerator.Caller {

    private final HttpConnection connection;
    private final List<byte[]> requests;
    private final Check check;

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
    public boolean call(long request) throws IOException {
        int at = (int) (request % requests.size());
        return connection.ask(requests.get(at)) == 200 && check.isRight(at, connection);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
