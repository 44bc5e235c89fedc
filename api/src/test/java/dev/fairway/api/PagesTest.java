package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.ListQuery;
import dev.fairway.api.registry.Listed;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.registry.WriteOptions;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists in pages, as upstream's chunking tests read them.
class PagesTest {

    private static final Kinds KINDS = Kinds.standard();
    private static final int OBJECTS = 40;

    private ForgetfulStore store;
    private Registry registry;

    @BeforeEach
    void fill() {
        store = new ForgetfulStore(Stores.memory());
        registry = Registry.open(store, InstantSource.system(), new Random(1));
        make(Resource.NAMESPACES, "", "shop");
        IntStream.range(0, OBJECTS).forEach(i -> make(Resource.CONFIG_MAPS, "shop", "template-%04d".formatted(i)));
    }

    @AfterEach
    void close() {
        registry.close();
        store.close();
    }

    private void make(Resource resource, String namespace, String name) {
        var object = Json.parse("""
                {"metadata": {"name": "%s", "labels": {"even": "%s"}}}
                """.formatted(name, name.hashCode() % 2 == 0));
        registry.create(
                KINDS.get(resource), namespace, object, WriteOptions.of(dev.fairway.api.security.User.ANONYMOUS));
    }

    private Listed page(int limit, String token) {
        return page(limit, token, Selection.ALL);
    }

    private Listed page(int limit, String token, Selection selection) {
        ListQuery query = new ListQuery("shop", selection, limit, token, "", "", Optional.empty());
        return registry.list(KINDS.get(Resource.CONFIG_MAPS), query);
    }

    private static List<String> names(Listed page) {
        return page.items().stream().map(Meta::name).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 17, 39, 40, 41})
    void pagesTogetherAreTheListOfTheFirstPagesMoment(int limit) {
        List<String> wanted = names(page(0, ""));
        List<String> found = new ArrayList<>();
        Listed page = page(limit, "");
        String revision = page.resourceVersion();
        make(Resource.CONFIG_MAPS, "shop", "late-" + limit);
        registry.delete(
                KINDS.get(Resource.CONFIG_MAPS),
                "shop",
                "template-0039",
                dev.fairway.api.registry.DeleteQuery.DEFAULT,
                WriteOptions.of(dev.fairway.api.security.User.ANONYMOUS));
        while (true) {
            found.addAll(names(page));
            assertThat(page.resourceVersion()).isEqualTo(revision);
            if (page.continued().isEmpty()) {
                assertThat(page.remaining()).isEmpty();
                break;
            }
            assertThat(page.objects()).hasSize(limit);
            assertThat(page.remaining().orElseThrow() + found.size()).isEqualTo(wanted.size());
            page = page(limit, page.continued());
        }
        assertThat(found).isEqualTo(wanted);
    }

    @Test
    void aListGoesOnAfterItsStateIsGone() {
        Listed first = page(OBJECTS / 10, "");
        make(Resource.CONFIG_MAPS, "shop", "template-9999");
        store.forgetBefore(registry.revision());
        ApiException refusal = refusal(first.continued());
        assertThat(refusal.code()).isEqualTo(410);
        assertThat(refusal.reason()).isEqualTo("Expired");
        String inconsistent = refusal.details().continued();
        assertThat(inconsistent).isNotEmpty().isNotEqualTo(first.continued());

        Listed second = page(OBJECTS / 10, inconsistent);
        assertThat(second.resourceVersion()).isNotEqualTo(first.resourceVersion());
        assertThat(names(second)).containsExactly("template-0004", "template-0005", "template-0006", "template-0007");
        List<String> rest = new ArrayList<>();
        for (Listed page = second; !page.continued().isEmpty(); ) {
            page = page(OBJECTS / 10, page.continued());
            assertThat(page.resourceVersion()).isEqualTo(second.resourceVersion());
            rest.addAll(names(page));
        }
        assertThat(rest).hasSize(OBJECTS - 8 + 1).endsWith("template-0039", "template-9999");
    }

    private ApiException refusal(String token) {
        try {
            page(5, token);
        } catch (ApiException e) {
            return e;
        }
        throw new AssertionError("the state of the token is still there");
    }

    @Test
    void onlyThePagesOfSelectorsHideHowManyFollow() {
        Selection even = new Selection("even=true", "");
        List<String> found = new ArrayList<>();
        Listed page = page(3, "", even);
        found.addAll(names(page));
        while (!page.continued().isEmpty()) {
            assertThat(page.remaining()).isEmpty();
            page = page(3, page.continued(), even);
            found.addAll(names(page));
        }
        assertThat(found).isEqualTo(names(page(0, "", even)));
    }

    @Test
    void aListOfOneNameFindsItAndNothingElse() {
        make(Resource.CONFIG_MAPS, "shop", "template-0007-b");
        Selection one = new Selection("", "metadata.name=template-0007");
        assertThat(names(page(0, "", one))).containsExactly("template-0007");
        assertThat(names(page(1, "", one))).containsExactly("template-0007");
        assertThat(names(page(500, "", new Selection("even=maybe", "metadata.name=template-0007"))))
                .isEmpty();
        assertThat(names(page(500, "", new Selection("", "metadata.name=none"))))
                .isEmpty();
    }

    /// A store that forgets old states when it is told to.
    private static final class ForgetfulStore extends PassingStore {

        private volatile long oldest;

        ForgetfulStore(Store store) {
            super(store);
        }

        void forgetBefore(long revision) {
            oldest = revision;
        }

        @Override
        public Page list(String prefix, String after, int limit, long revision) {
            if (revision != 0 && revision < oldest) {
                throw new dev.fairway.store.CompactedException(revision, oldest);
            }
            return super.list(prefix, after, limit, revision);
        }
    }
}
