// godebug prints what a Go program's file tells about its runtime:
//
//	pie 0|1                   whether it is loaded at another address than stated
//	field NAME ADDRESS SIZE   a variable of the runtime, as the file states its address: a field of runtime.debug by its
//	                          bare name, others with all of theirs, such as runtime.gcController.gcPercent
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

// What is looked for: structures, by the prefix that their fields get, and single variables.
var structures = map[string]string{"runtime.debug": "", "runtime.gcController": "runtime.gcController."}

const processors = "runtime.gomaxprocs"

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
	pie := 0
	if file.Type == elf.ET_DYN {
		pie = 1
	}
	fmt.Println("pie", pie)
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

// A program without symbol table, or without debug information, has no fields.
func printFields(file *elf.File) {
	symbols, err := file.Symbols()
	if err != nil {
		return
	}
	data, err := file.DWARF()
	if err != nil {
		return
	}
	for _, symbol := range symbols {
		if symbol.Name == processors {
			fmt.Println("field", processors, symbol.Value, symbol.Size)
		}
		prefix, wanted := structures[symbol.Name]
		if !wanted {
			continue
		}
		for _, field := range fields(data, symbol.Name) {
			fmt.Println("field", prefix+field.Name, symbol.Value+uint64(field.ByteOffset), field.Type.Size())
		}
	}
}

func fields(data *dwarf.Data, variable string) []*dwarf.StructField {
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
		// A type with a name stands behind it.
		if named, isNamed := kind.(*dwarf.TypedefType); isNamed {
			kind = named.Type
		}
		if record, isStruct := kind.(*dwarf.StructType); isStruct {
			return record.Field
		}
		return nil
	}
}
