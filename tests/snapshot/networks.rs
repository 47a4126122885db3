//! Networks in an inventory that says nothing of what is in them: nobody looked, so nothing is well.

use assize::engine::{Engine, library};

#[test]
fn what_an_inventory_leaves_out_of_a_network_is_unknown() {
    let engine = Engine::builder().policies(library()).now("2026-11-24").unwrap().build().unwrap();
    for (control, kind, properties) in [
        ("nacl_no_unrestricted_ssh_rdp", "AWS::EC2::NetworkAcl", r#"{"VpcId":"vpc-1"}"#),
        ("no_unrestricted_route_to_igw", "AWS::EC2::RouteTable", r#"{"VpcId":"vpc-1"}"#),
        ("internet_gateway_authorized_vpc_only", "AWS::EC2::InternetGateway", "{}"),
    ] {
        let engine = engine.only(&[control.to_owned()]).unwrap();
        let line = format!(
            r#"{{"type":"{kind}","id":"x","account":"111122223333","region":"eu-west-1","properties":{properties}}}"#
        );
        let mut run = engine.run();
        run.inventory("networks", line.as_bytes());
        let assessment = run.finish();
        let [outcome] = assessment.outcomes.as_slice() else { panic!("{control}: {assessment:?}") };
        assert_eq!(outcome.verdict.name(), "unknown", "{control}");
    }
}
