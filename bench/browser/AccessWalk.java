package dev.fairway.bench;

import dev.fairway.schema.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Somebody who has only a keyboard walks through the page; in each state axe-core looks for what others would miss.
final class AccessWalk {

    /// What is pressed, and what must be true then.
    private record Step(String key, String state, String condition) {}

    private static final List<Step> STEPS = List.of(
            new Step("", "all Services", "document.querySelectorAll('#rows tr').length > 0"),
            new Step("ArrowDown", "one marked", "document.querySelectorAll('tr.marked').length === 1"),
            new Step("Enter", "its panel", "!document.getElementById('panel').hidden"),
            new Step("e", "its findings", "document.activeElement.tagName === 'H3'"),
            new Step("d", "its name", "document.querySelectorAll('#panel ul.trace li').length > 0"),
            new Step("t", "a trace", "document.querySelectorAll('#panel ol.trace li').length > 0"
                    + " && location.search.includes('from=')"),
            new Step("g", "the legend", "document.getElementById('legend').open"),
            new Step("Escape", "the panel again", "!document.querySelector('dialog[open]')"
                    + " && !document.getElementById('panel').hidden"),
            new Step("?", "help", "document.getElementById('keys').open"),
            new Step("Escape", "after help", "!document.querySelector('dialog[open]')"),
            new Step("Escape", "no panel", "document.getElementById('panel').hidden"),
            new Step("Escape", "nothing marked", "document.querySelectorAll('tr.marked').length === 0"),
            new Step("/", "search", "document.activeElement.id === 'q'"),
            new Step("Escape", "left search", "document.activeElement.id !== 'q'"));

    /// Rules of WCAG 2.2, levels A and AA, and what axe-core calls best practice.
    private static final String RUN = "axe.run().then(found => JSON.stringify(found.violations"
            + ".map(rule => rule.id + ' at ' + rule.nodes.map(node => node.target.join(' ')).slice(0, 3).join(', '))))";

    private final Browser browser;
    private final String axe;
    private final Optional<Path> pictures;

    /// @param axe the text of axe-core, empty for none
    /// @param pictures the folder for one of each state; empty for none
    AccessWalk(Browser browser, String axe, Optional<Path> pictures) {
        this.browser = browser;
        this.axe = axe;
        this.pictures = pictures;
    }

    /// What was found, in words.
    String walk(String scheme) throws IOException {
        ObjectNode media = Json.object();
        media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", scheme);
        browser.call("Emulation.setEmulatedMedia", media);
        if (!axe.isEmpty()) {
            browser.evaluate("(() => {" + axe + "; return 'there'; })()");
        }
        List<String> found = new ArrayList<>();
        for (Step step : STEPS) {
            if (!step.key().isEmpty()) {
                browser.press(step.key());
            }
            browser.await(step.condition());
            if (pictures.isPresent()) {
                browser.picture(pictures.get().resolve(scheme + "-" + step.state().replace(' ', '-') + ".png"));
            }
            String violations = axe.isEmpty() ? "[]" : browser.evaluate(RUN);
            if (!violations.equals("[]")) {
                found.add(step.state() + ": " + violations);
            }
        }
        String rules = axe.isEmpty() ? "no axe-core here" : "axe-core: " + (found.isEmpty() ? "no violation" : found);
        return STEPS.size() + " states reached, " + rules;
    }
}
