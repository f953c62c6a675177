package io.github.corymb.bench;

/// Figures that belong together, such as those of the tables.
interface Suite {

    /// What it is called on the command line.
    String name();

    /// What it measures, in one line.
    String purpose();

    /// Measures, and leaves the figures in the session.
    void run(Session session) throws Exception;
}
