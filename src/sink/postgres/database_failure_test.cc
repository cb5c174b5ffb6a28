#include "sink/postgres/database_failure.h"

#include <gtest/gtest.h>

namespace omashu::sink::postgres {
namespace {

TEST(Remedy, TryAgainWhereTheServerIsAwayOrBusy) {
  for (const char* code : {"", "08006", "57P01", "57P02", "57P03", "53300", "53100", "40001", "40P01", "25006", "25P03",
                           "57014", "55P03", "58030"}) {
    EXPECT_EQ(remedy_for(code), Remedy::kTryAgain) << code;
  }
}

TEST(Remedy, SetAsideWhereARowIsAtFault) {
  for (const char* code : {"22P02", "22003", "22021", "23502", "23514", "23505", "21000", "54000", "P0001", "44000"}) {
    EXPECT_EQ(remedy_for(code), Remedy::kSetAside) << code;
  }
}

TEST(Remedy, StopWhereNothingMendsItself) {
  for (const char* code : {"42P01", "42501", "42703", "28P01", "28000", "3D000", "3F000", "0A000", "XX000", "57P04"}) {
    EXPECT_EQ(remedy_for(code), Remedy::kStop) << code;
  }
}

}  // namespace
}  // namespace omashu::sink::postgres
