package io.github.corymb.cli;

/// The `corymb` command.
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.out.println("corymb 0.1.0");
    }
}
