package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaSourceTest {

    private static final JavaSource SOURCE = new JavaSource("room/src/main/java/A.java", """
            /// class Comment { void no() {
            public final class A<T> {
                private static final String BRACES = "}}{ class Text";
                record B(int c) {}

                @Override
                public void three(int a)
                        throws java.io.IOException {
                    char brace = '}'; // }
                }

                int six() {
                    for (int i = 0; i < 9; i++) {
                        run(() -> {
                        });
                    }
                }

                Runnable anonymous = new Runnable() {
                    public void run() {}
                };
            }
            """);

    @Test
    void findsTypesOutsideTextsAndComments() {
        assertThat(SOURCE.typeNames()).containsExactly("A", "B");
    }

    @Test
    void countsTheLinesOfFunctions() {
        assertThat(SOURCE.functions())
                .contains(new JavaSource.Function(8, 3), new JavaSource.Function(12, 6), new JavaSource.Function(20, 1))
                .noneMatch(function -> function.length() > 6);
    }

    @Test
    void codeKeepsItsLines() {
        assertThat(SOURCE.code().lines()).hasSize((int) SOURCE.text().lines().count());
        assertThat(SOURCE.code()).doesNotContain("Comment", "Text", "BRACES = \"");
    }

    @Test
    void knowsItsRoom() {
        assertThat(SOURCE.room()).isEqualTo("room");
        assertThat(SOURCE.isMain()).isTrue();
    }
}
