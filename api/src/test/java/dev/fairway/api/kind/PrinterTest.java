package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PrinterTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Kinds KINDS = Kinds.standard();

    @ParameterizedTest
    @CsvSource({
        "-5, <invalid>",
        "-2, <invalid>",
        "-1, 0s",
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "121, 2m1s",
        "599, 9m59s",
        "600, 10m",
        "10799, 179m",
        "10800, 3h",
        "10860, 3h1m",
        "28799, 7h59m",
        "28800, 8h",
        "172799, 47h",
        "172800, 2d",
        "176400, 2d1h",
        "691199, 7d23h",
        "691200, 8d",
        "63071999, 729d",
        "63072000, 2y",
        "63158400, 2y1d",
        "252287999, 7y364d",
        "252288000, 8y",
    })
    void ages(long seconds, String text) {
        assertThat(Age.text(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    static List<Kind> kinds() {
        return KINDS.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindHasAsManyCellsAsColumnsEvenForAnEmptyObject(Kind kind) {
        assertThat(kind.printer().cells(Rig.json("{}"), NOW))
                .hasSameSizeAs(kind.printer().columns());
    }

    private static String row(Resource resource, String object) {
        return KINDS.get(resource).printer().cells(Rig.json(object), NOW).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    private static String columns(Resource resource) {
        return KINDS.get(resource).printer().columns().stream()
                .map(column -> column.priority() == 0 ? column.name() : "[" + column.name() + "]")
                .collect(Collectors.joining(", "))
                .replace(", ", "  ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            services       | Name  Type  Cluster-IP  External-IP  Port(s)  Age  [Selector]
            endpointslices | Name  AddressType  Ports  Endpoints  Age
            endpoints      | Name  Endpoints  Age
            leases         | Name  Holder  Age
            nodes          | Name  Status  Roles  Age  Version  [Internal-IP]  [External-IP]  [OS-Image]  [Kernel-Version]  [Container-Runtime]
            namespaces     | Name  Status  Age
            events         | Last Seen  Type  Reason  Object  [Subobject]  [Source]  Message  [First Seen]  [Count]  [Name]
            pods           | Name  Ready  Status  Restarts  Age  [IP]  [Node]  [Nominated Node]  [Readiness Gates]
            replicasets    | Name  Desired  Current  Ready  Age  [Containers]  [Images]  [Selector]
            deployments    | Name  Ready  Up-to-date  Available  Age  [Containers]  [Images]  [Selector]
            configmaps     | Name  Data  Age
            secrets        | Name  Type  Data  Age
            serviceaccounts | Name  Secrets  Age
            replicationcontrollers | Name  Desired  Current  Ready  Age  [Containers]  [Images]  [Selector]
            daemonsets     | Name  Desired  Current  Ready  Up-to-date  Available  Node Selector  Age  [Containers]  [Images]  [Selector]
            servicecidrs   | Name  CIDRs  Age
            ipaddresses    | Name  ParentRef  Age
            ingresses      | Name  Class  Hosts  Address  Ports  Age
            ingressclasses | Name  Controller  Parameters  Age
            networkpolicies | Name  Pod-Selector  Age
            roles          | Name  Created At
            clusterroles   | Name  Created At
            rolebindings   | Name  Role  Age  [Users]  [Groups]  [ServiceAccounts]
            clusterrolebindings | Name  Role  Age  [Users]  [Groups]  [ServiceAccounts]
            """)
    void columnsOfKinds(String plural, String expected) {
        Resource resource = Rig.resource(plural);
        assertThat(columns(resource)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'type':'ClusterIP','clusterIPs':['10.0.0.1'],'ports':[{'port':80,'protocol':'TCP'}]                      | ClusterIP 10.0.0.1 <none> 80/TCP
            'type':'ClusterIP','clusterIPs':['None']                                                                 | ClusterIP None <none> <none>
            'type':'NodePort','clusterIPs':['10.0.0.1','fd00::1'],'ports':[{'port':80,'nodePort':30001,'protocol':'TCP'},{'port':53,'protocol':'UDP'}] | NodePort 10.0.0.1 <none> 80:30001/TCP,53/UDP
            'type':'ClusterIP','clusterIPs':['10.0.0.1'],'externalIPs':['8.8.8.8','1.1.1.1']                         | ClusterIP 10.0.0.1 8.8.8.8,1.1.1.1 <none>
            'type':'LoadBalancer','clusterIPs':['10.0.0.1']                                                          | LoadBalancer 10.0.0.1 <pending> <none>
            'type':'ExternalName','externalName':'a.b'                                                               | ExternalName <none> a.b <none>
            'type':'Other'                                                                                           | Other <none> <unknown> <none>
            """)
    void services(String spec, String expected) {
        assertThat(row(Resource.SERVICES, "{'metadata':{'name':'web'},'spec':{" + spec + "}}"))
                .isEqualTo("web " + expected + " <unknown> <none>");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            endpointslices | {'addressType':'IPv4'}                                           | p IPv4 <unset> <unset> <unknown>
            endpointslices | {'addressType':'IPv4','ports':[{'port':80},{'name':'x'},{'name':''},{'port':1},{'port':2}],'endpoints':[{'addresses':['1.1.1.1','1.1.1.2']},{'addresses':['1.1.1.3','1.1.1.4']}]} | p IPv4 80,x,* + 2 more... 1.1.1.1,1.1.1.2,1.1.1.3 + 1 more... <unknown>
            endpoints      | {}                                                               | p <none> <unknown>
            endpoints      | {'subsets':[{'notReadyAddresses':[{'ip':'1.1.1.1'}]}]}           | p  <unknown>
            endpoints      | {'subsets':[{'addresses':[{'ip':'1.1.1.1'},{'ip':'fd00::1'}],'ports':[{'port':80},{'port':81}]}]} | p 1.1.1.1:80,1.1.1.1:81,[fd00::1]:80 + 1 more... <unknown>
            endpoints      | {'subsets':[{'addresses':[{'ip':'1.1.1.1'}]}]}                   | p 1.1.1.1 <unknown>
            nodes          | {}                                                               | p Unknown <none> <unknown>  <none> <none> <unknown> <unknown> <unknown>
            nodes          | {'spec':{'unschedulable':true},'status':{'conditions':[{'type':'Ready','status':'True'}],'addresses':[{'type':'InternalIP','address':'1.1.1.1'}]}} | p Ready,SchedulingDisabled <none> <unknown>  1.1.1.1 <none> <unknown> <unknown> <unknown>
            nodes          | {'status':{'conditions':[{'type':'Ready','status':'Unknown'}]}}  | p NotReady <none> <unknown>  <none> <none> <unknown> <unknown> <unknown>
            deployments    | {'spec':{'replicas':3,'selector':{'matchLabels':{'a':'b'}},'template':{'spec':{'containers':[{'name':'c','image':'i'},{'name':'d','image':'j'}]}}},'status':{'readyReplicas':2,'updatedReplicas':1}} | p 2/3 1 0 <unknown> c,d i,j a=b
            configmaps     | {'data':{'a':'1','b':'2'},'binaryData':{'c':''}}                 | p 3 <unknown>
            replicationcontrollers | {'spec':{'replicas':3,'selector':{'a':'b','c':'d'},'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}},'status':{'replicas':2,'readyReplicas':1}} | p 3 2 1 <unknown> c i a=b,c=d
            replicasets    | {'spec':{'replicas':3,'selector':{'matchExpressions':[{'key':'a','operator':'In','values':['y','x']}]}}} | p 3 0 0 <unknown>   a in (x,y)
            daemonsets     | {'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'spec':{'nodeSelector':{'disk':'ssd'}}}},'status':{'desiredNumberScheduled':5,'currentNumberScheduled':4,'numberReady':3,'updatedNumberScheduled':2,'numberAvailable':1}} | p 5 4 3 2 1 disk=ssd <unknown>   a=b
            daemonsets     | {}                                                               | p 0 0 0 0 0 <none> <unknown>   <none>
            servicecidrs   | {'spec':{'cidrs':['10.96.0.0/16','fd00::/112']}}                 | p 10.96.0.0/16,fd00::/112 <unknown>
            ipaddresses    | {'spec':{'parentRef':{'resource':'services','namespace':'default','name':'web'}}} | p services/default/web <unknown>
            ipaddresses    | {'spec':{'parentRef':{'group':'Example.com','resource':'Things','name':'Web'}}} | p things.example.com/Web <unknown>
            ipaddresses    | {}                                                               | p <none> <unknown>
            ingresses      | {'spec':{'rules':[{}]}}                                          | p <none> *  80 <unknown>
            ingresses      | {'spec':{'ingressClassName':'c','rules':[{'host':'a'},{'host':'b'}],'tls':[{}]},'status':{'loadBalancer':{'ingress':[{'ip':'2.2.2.2'},{'hostname':'lb.example.com'},{'ip':'1.1.1.1'}]}}} | p c a,b 1.1.1.1,2.2.2.2,lb.example.com 80, 443 <unknown>
            ingresses      | {'spec':{'rules':[{'host':'a'},{'host':'b'},{'host':'c'}]}}      | p <none> a,b,c  80 <unknown>
            ingresses      | {'spec':{'rules':[{'host':'a'},{'host':'b'},{'host':'c'},{'host':'d'},{'host':'e'}]}} | p <none> a,b,c + 2 more...  80 <unknown>
            ingressclasses | {'spec':{'controller':'example.com/c'}}                          | p example.com/c <none> <unknown>
            ingressclasses | {'spec':{'controller':'example.com/c','parameters':{'apiGroup':'g','kind':'K','name':'n'}}} | p example.com/c K.g/n <unknown>
            networkpolicies | {'spec':{'podSelector':{}}}                                     | p <none> <unknown>
            networkpolicies | {'spec':{'podSelector':{'matchLabels':{'a':'b'}}}}              | p a=b <unknown>
            roles          | {'metadata':{'name':'p','creationTimestamp':'2026-06-01T11:59:00Z'}} | p 2026-06-01T11:59:00Z
            rolebindings   | {'roleRef':{'kind':'Role','name':'r'},'subjects':[{'kind':'User','name':'u'},{'kind':'User','name':'v'},{'kind':'Group','name':'g'},{'kind':'ServiceAccount','namespace':'n','name':'s'}]} | p Role/r <unknown> u, v g n/s
            """)
    void otherKinds(String plural, String object, String expected) {
        Resource resource = Rig.resource(plural);
        String named = object.contains("'metadata'")
                ? object
                : "{'metadata':{'name':'p'}" + (object.equals("{}") ? "}" : "," + object.substring(1));
        assertThat(row(resource, named)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'phase':'Pending'                                                                                   | 0/1 Pending 0
            'phase':'Running','containerStatuses':[{'ready':true,'state':{'running':{}}}]                       | 1/1 Running 0
            'phase':'Running','containerStatuses':[{'ready':false,'state':{'running':{}}}]                      | 0/1 Running 0
            'phase':'Pending','containerStatuses':[{'state':{'waiting':{'reason':'ErrImagePull'}}}]             | 0/1 ErrImagePull 0
            'phase':'Running','containerStatuses':[{'restartCount':3,'state':{'waiting':{'reason':'CrashLoopBackOff'}},'lastState':{'terminated':{'finishedAt':'2026-06-01T11:59:00Z'}}}] | 0/1 CrashLoopBackOff 3 (60s ago)
            'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':3}}}]                      | 0/1 ExitCode:3 0
            'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':137,'signal':9}}}]         | 0/1 Signal:9 0
            'phase':'Succeeded','containerStatuses':[{'state':{'terminated':{'exitCode':0,'reason':'Completed'}}}] | 0/1 Completed 0
            'phase':'Failed','reason':'Evicted'                                                                 | 0/1 Evicted 0
            'phase':'Pending','conditions':[{'type':'PodScheduled','status':'False','reason':'SchedulingGated'}] | 0/1 SchedulingGated 0
            'phase':'Pending','initContainerStatuses':[{'name':'i','state':{'running':{}}}]                     | 0/1 Init:0/0 0
            'phase':'Pending','initContainerStatuses':[{'name':'i','state':{'terminated':{'exitCode':1}}}]      | 0/1 Init:ExitCode:1 0
            'phase':'Pending','initContainerStatuses':[{'name':'i','state':{'waiting':{'reason':'ErrImagePull'}}}] | 0/1 Init:ErrImagePull 0
            """)
    void pods(String status, String expected) {
        String pod = "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c'}]},'status':{" + status + "}}";
        assertThat(row(Resource.PODS, pod)).isEqualTo("p " + expected + " <unknown> <none> <none> <none> <none>");
    }
}
