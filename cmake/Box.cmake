# eventscope_box(name LINKS … [PRIVATE_LINKS …] [PRECOMPILED family])
#
# A box is one static library made of every source file below the current folder, with that folder
# as its only include directory. A header of another box is therefore found only when the box is
# linked: a forbidden include does not compile. The sources are globbed because a folder is the
# target; CONFIGURE_DEPENDS picks a new file up at the next build.
function(eventscope_box name)
    cmake_parse_arguments(BOX "" "PRECOMPILED" "LINKS;PRIVATE_LINKS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
    list(FILTER sources EXCLUDE REGEX "/(main\\.cpp|window/[^/]*)$") # of the program, not of the box
    add_library(eventscope_${name} STATIC ${sources})
    add_library(Eventscope::${name} ALIAS eventscope_${name})
    target_include_directories(eventscope_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(eventscope_${name} PUBLIC ${BOX_LINKS} PRIVATE ${BOX_PRIVATE_LINKS} eventscope_warnings)
    if(NOT BOX_PRECOMPILED)
        set(BOX_PRECOMPILED plain)
    endif()
    eventscope_precompile(eventscope_${name} ${BOX_PRECOMPILED})
endfunction()

function(eventscope_qt_box name)
    set_target_properties(eventscope_${name} PROPERTIES AUTOMOC ON AUTORCC ON)
    eventscope_qt_definitions(eventscope_${name} PUBLIC)
endfunction()

# eventscope_connector(name LINKS … [PRIVATE_LINKS …]): the box of one technology, which the program
# links with all the others.
function(eventscope_connector name)
    eventscope_box(${name} ${ARGN})
    target_link_libraries(eventscope_connectors INTERFACE Eventscope::${name})
endfunction()

# eventscope_tests(box [QT] LINKS … [FOLDER …] [LABELS …] [PRECOMPILED family]): one test program a box, of every
# tests/<folder>/**/*_test.cpp. It carries the box's name as a label, so that `ctest -L core` runs that part.
function(eventscope_tests box)
    cmake_parse_arguments(T "QT" "FOLDER;PRECOMPILED" "LINKS;LABELS" ${ARGN})
    if(NOT T_FOLDER)
        set(T_FOLDER ${box})
    endif()
    set(folder ${PROJECT_SOURCE_DIR}/tests/${T_FOLDER})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
    if(NOT sources)
        return()
    endif()
    add_executable(eventscope_${box}_tests ${sources})
    target_include_directories(eventscope_${box}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests/support ${folder})
    target_link_libraries(eventscope_${box}_tests PRIVATE ${T_LINKS} eventscope_warnings)
    if(NOT T_PRECOMPILED)
        set(T_PRECOMPILED tests)
    endif()
    eventscope_precompile(eventscope_${box}_tests ${T_PRECOMPILED})
    target_compile_definitions(eventscope_${box}_tests PRIVATE EVENTSCOPE_TESTS_DIR="${PROJECT_SOURCE_DIR}/tests")
    if(T_QT)
        target_sources(eventscope_${box}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/qt_main.cpp)
        target_link_libraries(eventscope_${box}_tests PRIVATE GTest::gtest Qt6::Test)
        set_target_properties(eventscope_${box}_tests PROPERTIES AUTOMOC ON)
        set(environment "QT_QPA_PLATFORM=offscreen")
    else()
        target_link_libraries(eventscope_${box}_tests PRIVATE GTest::gtest GTest::gtest_main)
    endif()
    gtest_discover_tests(eventscope_${box}_tests DISCOVERY_MODE PRE_TEST
        PROPERTIES LABELS "${box};${T_LABELS}" TIMEOUT 300 ENVIRONMENT "${environment}")
endfunction()

# eventscope_program_tests(box): that test program also runs the program itself, from the outside.
function(eventscope_program_tests box)
    if(NOT TARGET eventscope_${box}_tests)
        return()
    endif()
    target_sources(eventscope_${box}_tests PRIVATE
        ${PROJECT_SOURCE_DIR}/tests/support/child_process.cpp ${PROJECT_SOURCE_DIR}/tests/support/child_process.h)
    target_compile_definitions(eventscope_${box}_tests PRIVATE EVENTSCOPE_PROGRAM="$<TARGET_FILE:eventscope>")
    add_dependencies(eventscope_${box}_tests eventscope)
endfunction()

# eventscope_connector_tests(name LINKS …): tests/connectors/<name>, which find their server in the
# environment that tests/services/<name>/service made. They also run the program on that server.
function(eventscope_connector_tests name)
    eventscope_tests(${name} FOLDER connectors/${name} LABELS connectors ${ARGN})
    eventscope_program_tests(${name})
endfunction()
