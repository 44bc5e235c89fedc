package dev.fairway.app.server;

import dev.fairway.api.security.User;
import java.util.List;

/// The names under which the parts of this process use the API. What each may do is in the bootstrap roles.
final class Parts {

    static final User CONTROLLERS = User.authenticated("system:kube-controller-manager", List.of());
    static final User EDGE = User.authenticated("system:fairway-edge", List.of());
    static final User PAGE = User.authenticated("system:fairway-page", List.of());

    private Parts() {}
}
