//! Templates: submitted, listed, changed, deleted, counted.

use kaleyra_wa_client::types::response::ApiFailure;
use kaleyra_wa_client::types::template::{
    ButtonDefinition, TemplateCategory, TemplateDefinition, TemplateStatus,
};
use kaleyra_wa_client::{Delivery, ErrorKind};
use serde_json::{Value, json};

use super::{asked, body, ok, waba};
use crate::server::Server;

fn parcel() -> TemplateDefinition {
    TemplateDefinition::utility("parcel_ready", "en_US")
        .body(
            "Hello {{1}}, your parcel waits at {{2}} until Friday.",
            ["Anna", "Main Street"],
        )
        .button(ButtonDefinition::quick_reply("Later"))
}

fn listed(name: &str) -> Value {
    json!({"id": "7", "name": name, "language": "en", "status": "APPROVED", "category": "UTILITY",
           "company_id": "Z8ae", "components": [{"type": "BODY", "text": "Hello there"}]})
}

#[tokio::test]
async fn a_template_is_submitted_as_it_is() {
    let data = json!({"id": "734500000000001", "status": "PENDING", "category": "UTILITY"});
    let server = Server::in_turn([ok(data)]).await;
    let created = waba(&server).create_template(&parcel()).await.unwrap();
    assert_eq!(created.id().unwrap().as_str(), "734500000000001");
    assert_eq!(created.status(), Some(TemplateStatus::Pending));
    assert_eq!(created.category(), Some(TemplateCategory::Utility));
    assert_eq!(
        asked(&server),
        ["POST /v2/SID/whatsapp/102000000000001/message_templates"]
    );
    assert_eq!(body(&server), serde_json::to_value(parcel()).unwrap());
}

#[tokio::test]
async fn limits_are_checked_before_anything_is_sent() {
    let server = Server::in_turn([ok(json!({"id": "7"}))]).await;
    let wrong = TemplateDefinition::utility("Wrong Name", "en").body("{{1}}", ["a"]);
    let error = waba(&server).create_template(&wrong).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery(), error.attempts()),
        (ErrorKind::InvalidRequest, Delivery::NotSent, 0)
    );
    assert_eq!(error.violations().len(), 2);
    assert!(asked(&server).is_empty());
    waba(&server)
        .create_template(&wrong)
        .unchecked()
        .await
        .unwrap();
    assert_eq!(asked(&server).len(), 1);
    let error = waba(&server)
        .edit_template("7")
        .components_of(&wrong)
        .await
        .unwrap_err();
    assert_eq!(error.violations().len(), 2);
}

#[tokio::test]
async fn refusals_have_their_verdict() {
    for (status, answer, kind, delivery, failure) in [
        (
            400,
            json!({"code": "WA400", "message": "Invalid", "data": {}, "error": {}}),
            ErrorKind::Rejected,
            Delivery::Rejected,
            Some(ApiFailure::IncorrectPayload),
        ),
        (
            401,
            json!({"code": "RBC001", "message": "No", "data": [], "error": {}}),
            ErrorKind::Rejected,
            Delivery::Rejected,
            None,
        ),
        (
            500,
            json!({"code": "WA500"}),
            ErrorKind::Server,
            Delivery::Indeterminate,
            Some(ApiFailure::Internal),
        ),
        (
            200,
            json!({"code": "WA400"}),
            ErrorKind::UnexpectedResponse,
            Delivery::Indeterminate,
            Some(ApiFailure::IncorrectPayload),
        ),
    ] {
        let server = Server::in_turn([(status, answer)]).await;
        let error = waba(&server).create_template(&parcel()).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (kind, delivery));
        if failure.is_some() {
            assert_eq!(error.failure(), failure);
        }
        // Never twice: another copy would be refused as a duplicate, or count against the quota.
        assert_eq!(error.attempts(), 1);
        let text = error.to_string();
        assert!(
            !text.contains("message again") && !text.contains("callbacks"),
            "{text}"
        );
    }
    let error = Server::in_turn([ok(json!({}))])
        .await
        .client()
        .waba(" ")
        .templates()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::InvalidRequest, Delivery::NotSent)
    );
}

/// How many templates are listed, two a page.
async fn items_by_two(server: &Server) -> usize {
    let items = waba(server).templates().limit(2).items();
    items.collect().await.unwrap().len()
}

#[tokio::test]
async fn templates_are_listed_page_by_page() {
    // By cursors, inside data or beside it.
    let beside = |names: &[&str], after: Option<&str>| {
        let elements: Vec<Value> = names.iter().map(|name| listed(name)).collect();
        let mut answer = ok(json!(elements));
        if let Some(after) = after {
            answer.1["paging"] = json!({"cursors": {"before": "x", "after": after}});
        }
        answer
    };
    let inside =
        ok(json!({"data": [listed("c"), 7, listed("d")], "paging": {"cursors": {"after": "B"}}}));
    let server =
        Server::in_turn([beside(&["a", "b"], Some("A=")), inside, beside(&[], None)]).await;
    let listing = waba(&server)
        .templates()
        .status(TemplateStatus::Approved)
        .language("en")
        .category(TemplateCategory::Utility);
    let names: Vec<String> = listing
        .items()
        .collect()
        .await
        .unwrap()
        .into_iter()
        .map(|found| found.name)
        .collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    let path = "GET /v2/SID/whatsapp/102000000000001/message_templates?status=APPROVED&language=en&category=UTILITY";
    assert_eq!(
        asked(&server),
        [
            path.to_owned(),
            format!("{path}&after=A%3D"),
            format!("{path}&after=B")
        ]
    );

    // By limit and offset, until a page is not full; who ignores the offset does not keep us for ever.
    let server = Server::in_turn([beside(&["a", "b"], None), beside(&["c"], None)]).await;
    assert_eq!(items_by_two(&server).await, 3);
    assert!(asked(&server)[1].ends_with("?limit=2&offset=2"));
    let server = Server::in_turn([beside(&["a", "b"], None)]).await;
    assert_eq!(items_by_two(&server).await, 2);
    assert_eq!(asked(&server).len(), 2);

    // A page with something that is no definition, and a response that is no list at all.
    let server = Server::in_turn([ok(json!([listed("a"), "b"]))]).await;
    let page = waba(&server).templates().await.unwrap();
    assert_eq!((page.templates().len(), page.unreadable().len()), (1, 1));
    assert_eq!(page.templates()[0].unknown.len(), 1);
    let server = Server::in_turn([ok(json!({"strange": 1}))]).await;
    let mut items = waba(&server).templates().items();
    assert!(items.next().await.unwrap().is_err());
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn one_template_is_found_by_name_and_language() {
    let mut other = listed("parcel");
    other["language"] = json!("de");
    let server = Server::in_turn([ok(json!([other, listed("parcel_2"), listed("parcel")]))]).await;
    let found = waba(&server)
        .template("parcel", "en")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.name.as_str(), found.language.as_str()),
        ("parcel", "en")
    );
    assert_eq!(waba(&server).template("parcel", "fr").await.unwrap(), None);
    assert!(asked(&server)[0].ends_with("/message_templates?name=parcel"));
}

#[tokio::test]
async fn a_template_is_changed() {
    let server = Server::in_turn([ok(json!({}))]).await;
    waba(&server)
        .edit_template("7")
        .components_of(&parcel())
        .await
        .unwrap();
    assert_eq!(
        asked(&server),
        ["PUT /v2/SID/whatsapp/102000000000001/message_templates?template_id=7"]
    );
    assert_eq!(body(&server), json!({"components": parcel().components}));

    let server = Server::in_turn([ok(json!({}))]).await;
    let change = waba(&server)
        .edit_template("7")
        .category(TemplateCategory::Marketing)
        .id_in_body("id");
    change.member("message_send_ttl_seconds", 60).await.unwrap();
    assert_eq!(
        asked(&server),
        ["PUT /v2/SID/whatsapp/102000000000001/message_templates"]
    );
    assert_eq!(
        body(&server),
        json!({"category": "MARKETING", "id": "7", "message_send_ttl_seconds": 60})
    );
}

#[tokio::test]
async fn templates_are_deleted() {
    let server = Server::in_turn([ok(json!({}))]).await;
    let waba = waba(&server);
    waba.delete_template("parcel ready").await.unwrap();
    waba.delete_template("parcel").id("7").await.unwrap();
    waba.delete_templates_in_bulk()
        .names(["a", "b"])
        .ids(["7"])
        .statuses([TemplateStatus::Approved])
        .languages(["en"])
        .between("2026-11-01", "2026-11-30")
        .await
        .unwrap();
    // What is inferred can be changed.
    waba.delete_templates_in_bulk()
        .between("a", "b")
        .without_parameter("start_date")
        .parameter("start_data", "a")
        .path("/v2/{sid}/whatsapp/{waba}/bulk_templates")
        .await
        .unwrap();
    let templates = "DELETE /v2/SID/whatsapp/102000000000001/message_templates";
    assert_eq!(
        asked(&server),
        [
            format!("{templates}?name=parcel%20ready"),
            format!("{templates}?name=parcel&template_id=7"),
            format!(
                "{templates}/bulk?name=a,b&template_id=7&status=APPROVED&language=en&start_date=2026-11-01&end_date=2026-11-30"
            ),
            "DELETE /v2/SID/whatsapp/102000000000001/bulk_templates?end_date=b&start_data=a"
                .to_owned(),
        ]
    );
    let error = waba.delete_templates_in_bulk().await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(asked(&server).len(), 4);
}

#[tokio::test]
async fn what_became_of_messages_is_counted() {
    let data = json!({"data_points": [
        {"template_id": "7", "start": 1, "end": 2, "sent": 10, "delivered": "9", "read": 5, "replied": 1,
         "clicked": [{"type": "url_button", "count": 2}, {"type": "quick_reply_button", "count": 3}]},
        {"template_id": 8},
    ]});
    let server = Server::in_turn([ok(json!([data]))]).await;
    let reading = waba(&server).template_analytics(["7", "8"], "2026-11-01", "2026-11-30");
    let analytics = reading
        .metrics(["SENT", "READ"])
        .product("CLOUD_API")
        .await
        .unwrap();
    let points = analytics.points();
    assert_eq!(points.len(), 2);
    assert_eq!(
        (points[0].sent, points[0].delivered, points[0].clicked),
        (Some(10), Some(9), Some(5))
    );
    assert_eq!(
        (
            points[1].template_id.as_ref().unwrap().as_str(),
            points[1].sent
        ),
        ("8", None)
    );
    assert_eq!(
        asked(&server),
        [
            "GET /v2/SID/whatsapp/102000000000001/template_analytics?template_ids=7,8&start=2026-11-01&end=2026-11-30&granularity=DAILY&metric_types=SENT,READ&product_type=CLOUD_API"
        ]
    );
}
