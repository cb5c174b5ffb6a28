# The few words in which the folders describe themselves to the build.
#
#   omashu_room(NAME SOURCES a.cc b.cc TESTS a_test.cc DEPENDS base avro LINK CURL::libcurl)
#
# A room is one folder under src/: the static library omashu_NAME of its sources, and the test program NAME_test of
# its tests. DEPENDS names other rooms; LINK names third-party libraries, which stay private to the room.
#
#   omashu_fuzzer(NAME name_fuzz.cc DEPENDS avro)
#
# A fuzzer is the program NAME_fuzzer of one LLVMFuzzerTestOneInput. With OMASHU_FUZZERS it is libFuzzer's; otherwise it
# is a test that replays every file under fuzz/corpus/NAME.

find_program(CCACHE ccache)
if(CCACHE)
  # What ccache has to be told so that it works with precompiled headers: its manual, "Precompiled headers".
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

add_library(omashu_flags INTERFACE)
target_compile_options(omashu_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # In what -O2 makes of std::string and std::variant g++ 12 sees faults that are not there (GCC PR 105329, 105651).
  target_compile_options(omashu_flags INTERFACE
    -Wno-array-bounds -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow
    $<$<CONFIG:Release>:-Wno-stringop-overread>)
endif()
target_include_directories(omashu_flags INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
if(OMASHU_SANITIZERS)
  target_compile_options(omashu_flags INTERFACE
    -fsanitize=${OMASHU_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(omashu_flags INTERFACE -fsanitize=${OMASHU_SANITIZERS})
endif()
if(OMASHU_FUZZERS)
  target_compile_options(omashu_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# omashu_precompile(TARGET precompiled): what nearly every source includes is parsed once, for a third of the time of a
# clean build. The targets precompiled and precompiled_test hold it; a target reuses one of them.
if(OMASHU_PRECOMPILE)
  set(nothing ${PROJECT_BINARY_DIR}/nothing.cc)
  file(CONFIGURE OUTPUT ${nothing} CONTENT "")
  add_library(precompiled OBJECT ${nothing})
  target_link_libraries(precompiled PRIVATE omashu_flags fmt::fmt)
  target_include_directories(precompiled PRIVATE ${PROJECT_SOURCE_DIR}/cmake)
  target_precompile_headers(precompiled PRIVATE <precompiled.h>)
  if(OMASHU_TESTS)
    add_library(precompiled_test OBJECT ${nothing})
    target_link_libraries(precompiled_test PRIVATE omashu_flags fmt::fmt GTest::gmock)
    target_include_directories(precompiled_test PRIVATE ${PROJECT_SOURCE_DIR}/cmake)
    target_precompile_headers(precompiled_test PRIVATE <precompiled_test.h>)
  endif()
  target_compile_options(omashu_flags INTERFACE -fpch-preprocess)
endif()

function(omashu_precompile target precompiled)
  if(OMASHU_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${precompiled})
  endif()
endfunction()

function(omashu_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;TESTS;DEPENDS;LINK" ${ARGN})
  list(TRANSFORM ROOM_DEPENDS PREPEND omashu_)
  add_library(omashu_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(omashu_${name} PUBLIC omashu_flags fmt::fmt ${ROOM_DEPENDS} PRIVATE ${ROOM_LINK})
  omashu_precompile(omashu_${name} precompiled)
  if(OMASHU_TESTS AND ROOM_TESTS)
    add_executable(${name}_test ${ROOM_TESTS})
    target_link_libraries(${name}_test PRIVATE omashu_${name} ${ROOM_LINK} GTest::gmock GTest::gtest_main)
    omashu_precompile(${name}_test precompiled_test)
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. PROPERTIES LABELS unit TIMEOUT 60 DISCOVERY_TIMEOUT 60)
  endif()
endfunction()

function(omashu_fuzzer name source)
  cmake_parse_arguments(FUZZER "" "" "DEPENDS" ${ARGN})
  list(TRANSFORM FUZZER_DEPENDS PREPEND omashu_)
  add_executable(${name}_fuzzer ${source})
  target_link_libraries(${name}_fuzzer PRIVATE ${FUZZER_DEPENDS})
  target_include_directories(${name}_fuzzer PRIVATE ${PROJECT_SOURCE_DIR})
  if(OMASHU_FUZZERS)
    target_link_options(${name}_fuzzer PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${name}_fuzzer PRIVATE ${PROJECT_SOURCE_DIR}/fuzz/replay_main.cc)
    add_test(NAME fuzz.${name} COMMAND ${name}_fuzzer ${PROJECT_SOURCE_DIR}/fuzz/corpus/${name})
    set_tests_properties(fuzz.${name} PROPERTIES LABELS unit TIMEOUT 60)
  endif()
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers ${name}_fuzzer)
endfunction()
