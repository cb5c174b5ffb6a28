#include "service/operation_router.h"

#include <gtest/gtest.h>

#include "service/testing/operation_client.h"

namespace omashu::service {
namespace {

Operation item_operation() {
  return {.pattern = "/items/{item}",
          .id = "getItem",
          .parameters = {{.name = "item", .place = Parameter::Place::kPath}},
          .handler = [](const http::ExchangePtr& exchange) { exchange->answer({.status = 204}); }};
}

TEST(OperationRouter, AsksTheHandlerWhatTheDeclarationAllows) {
  const testing::OperationClient client({item_operation()});
  EXPECT_EQ(client.get("/items/a").status, 204);
  EXPECT_EQ(client.get("/items/a?b=1").status, 400);
  EXPECT_EQ(client.get("/items/%ff").status, 400);
  EXPECT_EQ(client.get("/things/a").status, 404);
}

TEST(OperationRouter, NoTwoOperationsAreOne) {
  EXPECT_FALSE(make_router({item_operation(), item_operation()}));
  Operation other = item_operation();
  other.id = "other";
  EXPECT_FALSE(make_router({item_operation(), other}));
  other.method = http::Method::kPut;
  EXPECT_TRUE(make_router({item_operation(), other}));
}

}  // namespace
}  // namespace omashu::service
