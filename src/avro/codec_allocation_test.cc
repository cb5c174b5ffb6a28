// Once buffers and arena have grown, no record is worth an allocation.

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>

#include "avro/codec.h"
#include "avro/datum.h"

namespace {

thread_local size_t allocations = 0;

}  // namespace

#pragma GCC diagnostic ignored "-Wmismatched-new-delete"  // of the operators themselves
void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace omashu::avro {
namespace {

constexpr std::string_view kSchema =
    R"({"type":"record","name":"R","fields":[{"name":"id","type":"string"},{"name":"at","type":{"type":"long",
    "logicalType":"timestamp-millis"}},{"name":"kind","type":{"type":"enum","name":"K","symbols":["A","B"]}},
    {"name":"note","type":["null","string"]},{"name":"samples","type":{"type":"array","items":"double"}},
    {"name":"counts","type":{"type":"map","values":"long"}},{"name":"parts","type":{"type":"array","items":
    {"type":"record","name":"P","fields":[{"name":"x","type":"int"},{"name":"y","type":["null","int","string"]}]}}}]})";

constexpr std::string_view kRecord =
    R"({"id":"페이커 #KR1 with a tail that is long","at":"2024-02-29T00:00:00.000Z","kind":"B","note":"a \"note\"",
    "samples":[0.5,1.25,1e100],"counts":{"a":1,"b":2},"parts":[{"x":1,"y":null},{"y":"why","x":2},{"x":3,"y":4}]})";

// What one call of `work` allocates after a few.
size_t allocations_of(auto work) {
  for (int i = 0; i < 3; ++i) work();
  const size_t before = allocations;
  work();
  return allocations - before;
}

TEST(CodecAllocations, ARecordCostsNoneOnceBuffersHaveGrown) {
  const Schema schema = *Schema::parse(kSchema);
  const Encoder encoder = *Encoder::compile(schema);
  const Decoder decoder = *Decoder::compile(schema);
  const GenericDecoder generic = *GenericDecoder::compile(schema);
  std::string record;
  ASSERT_TRUE(encoder.from_json(kRecord, record));

  Arena arena;
  EXPECT_EQ(allocations_of([&] { ASSERT_TRUE(generic.decode(record, arena)); }), 0);
  EXPECT_EQ(allocations_of([&] { ASSERT_TRUE(decoder.validate(record)); }), 0);
  std::string out;
  for (const JsonForm form : {JsonForm::kPlain, JsonForm::kAvro}) {
    EXPECT_EQ(allocations_of([&] {
                out.clear();
                ASSERT_TRUE(decoder.to_json(record, form, out));
              }),
              0);
  }
  const Datum datum = *generic.decode(record, arena);
  EXPECT_EQ(allocations_of([&] {
              out.clear();
              append_datum(datum, out);
            }),
            0);
  EXPECT_EQ(allocations_of([&] {
              out.clear();
              ASSERT_TRUE(encoder.from_json(kRecord, out));
            }),
            0);
}

}  // namespace
}  // namespace omashu::avro
