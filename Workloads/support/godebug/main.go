// godebug prints what a Go program's file tells about its runtime:
//
//	address N                 of the variable runtime.debug, as the file states it
//	pie 0|1                   whether it is loaded at another address than stated
//	field NAME OFFSET SIZE    a field of the variable, in bytes from its beginning
//	build KEY VALUE           a setting of the build, as `go version -m` prints them
//
// Exit code 2: the file is no ELF file of a Go program.
package main

import (
	"debug/buildinfo"
	"debug/dwarf"
	"debug/elf"
	"fmt"
	"os"
)

const variable = "runtime.debug"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: godebug FILE")
		os.Exit(64)
	}
	file, err := elf.Open(os.Args[1])
	if err != nil {
		stop(err)
	}
	info, err := buildinfo.ReadFile(os.Args[1])
	if err != nil {
		stop(err)
	}
	printAddress(file)
	printFields(file)
	fmt.Println("build GoVersion", info.GoVersion)
	for _, setting := range info.Settings {
		fmt.Println("build", setting.Key, setting.Value)
	}
}

func stop(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

// A program without symbol table has no address.
func printAddress(file *elf.File) {
	pie := 0
	if file.Type == elf.ET_DYN {
		pie = 1
	}
	fmt.Println("pie", pie)
	symbols, err := file.Symbols()
	if err != nil {
		return
	}
	for _, symbol := range symbols {
		if symbol.Name == variable {
			fmt.Println("address", symbol.Value)
			return
		}
	}
}

// A program without debug information has no fields.
func printFields(file *elf.File) {
	data, err := file.DWARF()
	if err != nil {
		return
	}
	for _, field := range fields(data) {
		fmt.Println("field", field.Name, field.ByteOffset, field.Type.Size())
	}
}

func fields(data *dwarf.Data) []*dwarf.StructField {
	reader := data.Reader()
	for {
		entry, err := reader.Next()
		if err != nil || entry == nil {
			return nil
		}
		if entry.Tag != dwarf.TagVariable || entry.Val(dwarf.AttrName) != variable {
			// Variables of a package stand directly below their unit.
			if entry.Tag != dwarf.TagCompileUnit {
				reader.SkipChildren()
			}
			continue
		}
		offset, found := entry.Val(dwarf.AttrType).(dwarf.Offset)
		if !found {
			return nil
		}
		kind, err := data.Type(offset)
		if err != nil {
			return nil
		}
		if record, isStruct := kind.(*dwarf.StructType); isStruct {
			return record.Field
		}
		return nil
	}
}
