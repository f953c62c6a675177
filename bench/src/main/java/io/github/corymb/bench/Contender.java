package io.github.corymb.bench;

/// One of those that are compared: what it is called, and a round of its work.
record Contender(String name, Round round) {

    /// Does the work once.
    @FunctionalInterface
    interface Round {

        /// @return the rate reached, in the comparison's unit
        double run() throws Exception;
    }
}
