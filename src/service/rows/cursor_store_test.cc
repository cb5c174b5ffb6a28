#include "service/rows/cursor_store.h"

#include <gtest/gtest.h>

namespace omashu::service {
namespace {

using namespace std::chrono_literals;

class EmptySnapshot : public table::TableSnapshot {
 public:
  table::PositionSet positions() const override { return {}; }
  bool is_complete() const override { return true; }
  int64_t rows() const override { return 0; }
  Result<table::Lookup> find(std::string_view) const override { return table::Lookup{}; }
  Result<void> for_each_row(const std::optional<std::string>&, bool, const Visit&) const override { return {}; }
  Result<void> for_each_indexed(size_t, const table::Range&, bool,
                                const std::optional<std::pair<std::string, std::string>>&,
                                const std::function<bool(std::string_view, const table::LiveRow&)>&) const override {
    return {};
  }
  Result<std::vector<Count>> counts(size_t) const override { return std::vector<Count>(); }
};

class CursorStoreTest : public ::testing::Test {
 protected:
  std::string add(const std::string& question, const std::string& key, const std::string& list = "") {
    return store_.add(list, question, std::make_shared<EmptySnapshot>(), {.key = key});
  }
  int status_of(const std::string& cursor, const std::string& question) {
    const auto found = store_.find(cursor, question);
    return found ? 200 : found.error().status();
  }

  std::chrono::steady_clock::time_point now_{};
  CursorStore store_{{.max_lists = 2, .max_pages = 4, .idle = 60s}, [this] { return now_; }};
};

TEST_F(CursorStoreTest, APageGoesOnWhereTheOneBeforeEnded) {
  const std::string first = add("q", "a");
  const auto found = store_.find(first, "q");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->end.key, "a");
  const std::string second = add("q", "b", found->list);
  EXPECT_NE(first, second);
  EXPECT_EQ(store_.find(second, "q")->end.key, "b");
  EXPECT_EQ(store_.find(first, "q")->end.key, "a");  // a page may be asked for again
  EXPECT_EQ(store_.find(second, "q")->snapshot, store_.find(first, "q")->snapshot);
}

TEST_F(CursorStoreTest, ACursorGoesWithItsOwnQuestionAlone) {
  const std::string cursor = add("q", "a");
  EXPECT_EQ(status_of(cursor, "other"), 400);
  EXPECT_EQ(status_of("1-zz", "q"), 400);
  EXPECT_EQ(status_of(cursor + "0", "q"), 400);
  EXPECT_EQ(status_of("1-" + std::string(32, '0') + "-0", "q"), 410);
}

TEST_F(CursorStoreTest, OneThatNobodyUsesExpires) {
  const std::string cursor = add("q", "a");
  now_ += 50s;
  EXPECT_EQ(status_of(cursor, "q"), 200);
  now_ += 50s;
  EXPECT_EQ(status_of(cursor, "q"), 200);
  now_ += 61s;
  EXPECT_EQ(status_of(cursor, "q"), 410);
  EXPECT_EQ(store_.lists(), 0u);
}

TEST_F(CursorStoreTest, TheOldestListMakesRoom) {
  const std::string first = add("q", "a"), second = add("q", "b");
  EXPECT_EQ(status_of(first, "q"), 200);
  const std::string third = add("q", "c");
  EXPECT_EQ(status_of(second, "q"), 410);
  EXPECT_EQ(status_of(first, "q"), 200);
  EXPECT_EQ(status_of(third, "q"), 200);
}

TEST_F(CursorStoreTest, PagesOfALongListAreForgotten) {
  std::string cursor = add("q", "0");
  const std::string first = cursor;
  for (int page = 1; page < 10; ++page) cursor = add("q", std::to_string(page), store_.find(cursor, "q")->list);
  EXPECT_EQ(store_.find(cursor, "q")->end.key, "9");
  EXPECT_EQ(status_of(first, "q"), 410);
}

TEST(Cursor, ItsTextIsReadBack) {
  const CursorName name{.list = std::string(32, 'a'), .page = 17};
  EXPECT_EQ(parse_cursor(cursor_text(name)), name);
  for (const char* wrong : {"", "1-", "2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1", "1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-",
                            "1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-01", "1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-99999999999",
                            "1-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-1", "1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1 "}) {
    EXPECT_EQ(parse_cursor(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace omashu::service
