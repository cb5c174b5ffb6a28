#include "sink/postgres/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Catalog, FindsTheTextsOfAConstraint) {
  EXPECT_THAT(quoted_texts("CHECK ((status = ANY (ARRAY['A'::text, 'B'::text])))"), ElementsAre("A", "B"));
  EXPECT_THAT(quoted_texts("CHECK ((a = 'it''s'::text))"), ElementsAre("it's"));
  EXPECT_THAT(quoted_texts("CHECK ((n > 0))"), IsEmpty());
  EXPECT_THAT(quoted_texts("'open"), ElementsAre("open"));
  EXPECT_THAT(quoted_texts("''"), ElementsAre(""));
}

}  // namespace
}  // namespace omashu::sink::postgres
