package io.github.corymb.data;

/// What DuckDB refused, in its own structured words: a JSON object with `exception_type`, `exception_message` and, where
/// it knows them, `position`, `name` and `candidates`. [SqlErrors] turns it into a sentence for the user.
final class DuckDbException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DuckDbException(String message) {
        super(message);
    }
}
