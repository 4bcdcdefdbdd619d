import Glibc
import Testing

@testable import NodeProcess

@Suite struct ContainerTests {
    private static let id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

    @Test(arguments: [
        ("0::/system.slice/docker-ID.scope", Container.Kind.docker, "0123456789ab"),
        ("12:pids:/docker/ID\n0::/", .docker, "0123456789ab"),
        ("0::/docker/ID/init.scope", .docker, "0123456789ab"),
        (
            "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/container", .podman,
            "0123456789ab"
        ),
        ("4:memory:/libpod_parent/ID", .podman, "0123456789ab"),
        ("0::/system.slice/nerdctl-ID.scope", .containerd, "0123456789ab"),
        ("0::/containerd/web", .containerd, "web"),
        (
            "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podaa_bb.slice/cri-containerd-ID.scope",
            .kubernetes, "0123456789ab"
        ),
        ("0::/kubepods.slice/kubepods-podaa.slice/crio-ID.scope", .kubernetes, "0123456789ab"),
        ("3:cpu,cpuacct:/kubepods/besteffort/podaa-bb/ID", .kubernetes, "0123456789ab"),
        ("0::/machine.slice/crio-ID.scope", .crio, "0123456789ab"),
        ("0::/lxc.payload.web-1/system.slice/app.service", .lxc, "web-1"),
        ("0::/lxc.payload/web-1", .lxc, "web-1"),
        ("2:cpu:/lxc/web-1", .lxc, "web-1"),
        ("0::/ecs/task/ID", .container, "0123456789ab"),
    ])
    func kinds(cgroup: String, kind: Container.Kind, id: String) {
        #expect(Container(cgroup: cgroup.replacing("ID", with: Self.id)) == Container(kind: kind, id: id))
    }

    /// The daemons themselves, services, sessions, and what makes no sense.
    @Test(arguments: [
        "", "0::/", "0::/system.slice/docker.service", "0::/system.slice/containerd.service", "0::/init.scope",
        "0::/user.slice/user-1000.slice/session-2.scope", "0::/lxc.monitor.web-1",
        "0::/system.slice/docker-proxy.scope",
        "0::/docker", "0::/system.slice/kubelet.service", "nonsense", "::", "0::/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ])
    func noContainers(cgroup: String) {
        #expect(Container(cgroup: cgroup) == nil)
    }
}
