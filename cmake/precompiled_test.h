// What nearly every test includes; see precompiled.h.

#include <precompiled.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
