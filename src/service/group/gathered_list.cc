#include "service/group/gathered_list.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "http/streamed_answer.h"
#include "service/media_type.h"
#include "service/rows/cursor_store.h"
#include "service/rows/row_query.h"

namespace omashu::service {

namespace {

using std::chrono::milliseconds;

constexpr size_t kMaxLists = 64;
constexpr milliseconds kIdle{110'000};  // the members keep theirs for two minutes
constexpr size_t kRowsOfPiece = 500;    // of a stream
constexpr std::array<std::string_view, 2> kMediaTypes = {"application/json", "application/x-ndjson"};

std::string question_of(const http::Request& request, const std::string& topic) {
  std::string question = topic;
  for (const char* name : {"where", "or-where", "sort", "partitions"}) {
    for (const std::string& text : request.query_values(name)) {
      question += fmt::format("\n{}:{}:{}", name, text.size(), text);
    }
  }
  return question;
}

std::optional<size_t> limit_of(const http::Request& request) {
  const auto text = request.query_value("limit");
  if (!text) return std::nullopt;
  size_t limit = 0;
  std::from_chars(text->data(), text->data() + text->size(), limit);
  return limit;
}

http::Response expired() {
  return problem_response({.type = ProblemType::kCursorExpired,
                           .detail = "a partition of the list has gone to another server, or its rows are not kept any "
                                     "more: begin again, without a cursor"});
}

// A list while its pages are asked for.
struct Listing {
  GroupRouter& router;
  http::Request request;  // the client's
  MergedList list{{}, {}};
  GatheredHead head = {};

  http::Request page_request(const HeldPartitions& partitions, size_t limit, const std::optional<std::string>& cursor,
                             bool is_first) const {
    http::Request asked = PeerClient::forwarded(request);
    std::erase_if(asked.fields, [](const http::Field& field) { return field.name == "accept"; });
    asked.target = is_first ? target_for(request, partitions, {"cursor", "limit"})
                            : target_for(request, partitions, {"cursor", "limit", "after", "wait", "max-lag"});
    asked.target += fmt::format("&limit={}", limit);
    if (cursor) asked.target += "&cursor=" + *cursor;
    return asked;
  }

  // The first page of each member.
  std::expected<void, http::Response> begin(const HeldPartitions& partitions, size_t limit) {
    auto gathered = gather(router, partitions, [&](const HeldPartitions& of_member) {
      return page_request(of_member, limit, std::nullopt, true);
    });
    if (!gathered) return std::unexpected(std::move(gathered.error()));
    std::vector<MemberList> members;
    for (MemberAnswer& answer : *gathered) {
      head.add(answer.partitions, answer.response);
      MemberList member{.url = std::move(answer.url), .partitions = std::move(answer.partitions), .page = nullptr};
      if (auto taken = MergedList::take_page(member, answer.response.body); !taken) {
        return std::unexpected(problem_response(problem_of(taken.error())));
      }
      members.push_back(std::move(member));
    }
    list = MergedList(list_order(request.query_value("sort")), std::move(members));
    return {};
  }

  std::expected<std::vector<json::Value>, http::Response> rows(size_t limit) {
    std::vector<json::Value> rows;
    for (;;) {
      list.take_rows(limit, rows);
      if (rows.size() == limit || list.is_over()) return rows;
      const std::vector<MemberList*> members = list.members_to_ask();
      std::vector<std::pair<std::string, http::Request>> asked;
      for (const MemberList* member : members) {
        asked.emplace_back(member->url, page_request(member->partitions, limit, member->cursor, false));
      }
      std::vector<PeerAnswer> answers = ask_members(router, asked);
      for (size_t i = 0; i < answers.size(); ++i) {
        if (answers[i].kind != PeerAnswer::Kind::kAnswered) return std::unexpected(expired());
        if (answers[i].response.status != 200) return std::unexpected(std::move(answers[i].response));
        if (auto taken = MergedList::take_page(*members[i], answers[i].response.body); !taken) {
          return std::unexpected(problem_response(problem_of(taken.error())));
        }
      }
    }
  }
};

void answer_page(const http::ExchangePtr& exchange, Listing& listing, MergedLists& lists, const std::string& question,
                 size_t limit) {
  auto rows = listing.rows(limit);
  if (!rows) return exchange->answer(std::move(rows.error()));
  json::Value body = json::Value::object();
  body.add("rows", json::Value::array(*std::move(rows)));
  body.add("position", table::position_set_text(listing.head.positions));
  http::Response response{.content_type = "application/json", .body = {}, .fields = {}};
  response.fields.push_back({"Cache-Control", "no-cache"});
  response.fields.push_back({"Vary", "Accept"});
  listing.head.add_to(response.fields);
  if (!listing.list.is_over()) body.add("cursor", lists.add(question, listing.list, listing.head));
  response.body = json::to_text(body) + "\n";
  exchange->answer(std::move(response));
}

void stream(const http::ExchangePtr& exchange, std::shared_ptr<Listing> listing, std::optional<size_t> limit) {
  http::Response head{.content_type = "application/x-ndjson", .body = {}, .fields = {}};
  head.fields.push_back({"Cache-Control", "no-cache"});
  head.fields.push_back({"Vary", "Accept"});
  listing->head.add_to(head.fields);
  Executor& executor = listing->router.executor();
  http::answer_in_pieces(exchange, std::move(head), executor,
                         [listing = std::move(listing), limit]() mutable -> Result<std::optional<std::string>> {
                           const size_t count = std::min(kRowsOfPiece, limit.value_or(kRowsOfPiece));
                           if (count == 0 || listing->list.is_over()) return std::nullopt;
                           const auto rows = listing->rows(count);
                           if (!rows) return fail(ErrorCode::kUnavailable, "a member of the group is gone");
                           if (limit) *limit -= rows->size();
                           std::string piece;
                           for (const json::Value& row : *rows) piece.append(json::to_text(row)).append(1, '\n');
                           return piece;
                         });
}

}  // namespace

void MergedLists::forget_expired() {
  const auto now = Clock::now();
  while (!entries_.empty() && (entries_.size() > kMaxLists || now - entries_.front().last_used > kIdle)) {
    entries_.pop_front();
  }
}

std::string MergedLists::add(const std::string& question, MergedList list, GatheredHead head) {
  const std::string name = cursor_text({.list = random_list_name(), .page = 0});
  const MutexLock lock(mutex_);
  entries_.push_back({.name = name,
                      .question = question,
                      .kept = {.list = std::move(list), .head = std::move(head)},
                      .last_used = Clock::now()});
  forget_expired();
  return name;
}

Answer<MergedLists::Kept> MergedLists::find(std::string_view cursor, std::string_view question) {
  if (!parse_cursor(cursor)) {
    return refuse(ProblemType::kInvalidParameter, "cursor: this is none that a list has given");
  }
  const MutexLock lock(mutex_);
  forget_expired();
  const auto found = std::ranges::find(entries_, cursor, &Entry::name);
  if (found == entries_.end()) {
    return refuse(
        ProblemType::kCursorExpired,
        "the list that this cursor goes on with is not kept any more, or another server of the group gave it: "
        "begin again, without a cursor");
  }
  if (found->question != question) {
    return refuse(ProblemType::kInvalidParameter,
                  "cursor: it goes with the table, the conditions and the order that it was given for");
  }
  found->last_used = Clock::now();
  entries_.splice(entries_.end(), entries_, found);
  return found->kept;
}

void answer_list(GroupRouter& router, MergedLists& lists, const http::ExchangePtr& exchange,
                 const http::Handler& here) {
  const http::Request& request = exchange->request();
  const std::string& topic = exchange->parameter("table");
  const auto form = preferred_media_type(request.field("accept"), kMediaTypes);
  const auto cursor = request.query_value("cursor");
  // What is wrong is said there.
  if (router.parts().tables.find(topic) == nullptr || !form || (*form == 1 && cursor)) return here(exchange);
  const auto partitions = asked_partitions(router, request, topic);
  if (!partitions) return answer(exchange, partitions.error());
  const auto limit = limit_of(request);
  const auto listing = std::make_shared<Listing>(Listing{.router = router, .request = request});
  if (*form == 1) {
    if (auto begun = listing->begin(*partitions, std::min(kRowsOfPiece, limit.value_or(kRowsOfPiece))); !begun) {
      return exchange->answer(std::move(begun.error()));
    }
    return stream(exchange, listing, limit);
  }
  const size_t page = limit.value_or(kDefaultPageRows);
  const std::string question = question_of(request, topic);
  if (cursor) {
    auto kept = lists.find(*cursor, question);
    if (!kept) return answer(exchange, kept.error());
    listing->list = std::move(kept->list);
    listing->head = std::move(kept->head);
  } else if (auto begun = listing->begin(*partitions, page); !begun) {
    return exchange->answer(std::move(begun.error()));
  }
  answer_page(exchange, *listing, lists, question, page);
}

}  // namespace omashu::service
